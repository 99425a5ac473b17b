//! Instance types that are known by heart.

use super::*;

fn get(name: &str) -> InstanceType {
    find(name).expect("the type is in the table")
}

#[test]
fn a_type_with_a_gpu() {
    let it = get("g4dn.xlarge");
    assert_eq!((it.vcpus, it.memory_mib, it.architecture), (4, 16384, Some(Architecture::X86_64)));
    let gpus = it.gpus.expect("it has a GPU");
    assert_eq!((gpus.count, gpus.manufacturer, gpus.name, gpus.memory_mib), (1, "NVIDIA", "T4", 16384));
    assert_eq!((gpus.share, it.accelerators, it.accelerator_count()), (None, None, 1));
    assert!(!it.is_retired() && !it.bare_metal && !it.on_free_plan);
    assert_eq!((it.family(), it.source.date), ("g4dn", "2026-10"));
}

#[test]
fn a_slice_of_a_gpu_counts_as_one() {
    let gpus = get("g6f.large").gpus.expect("it has a slice of a GPU");
    assert_eq!((gpus.count, gpus.share, gpus.name), (1, Some("0.125"), "L4"));
}

#[test]
fn other_accelerators() {
    let it = get("inf1.24xlarge");
    let expected = Accelerators { count: 16, kind: "neuron", name: "Inferentia" };
    assert_eq!((it.gpus, it.accelerators, it.accelerator_count()), (None, Some(expected), 16));
    let name = get("f2.6xlarge").accelerators.map(|it| (it.kind, it.name, it.count));
    assert_eq!(name, Some(("fpga", "Virtex UltraScale+ (VU47P)", 1)));
    assert_eq!(get("m5.large").accelerator_count(), 0);
}

#[test]
fn architectures() {
    assert_eq!(get("t4g.micro").architecture, Some(Architecture::Arm64));
    assert_eq!(get("t2.micro").architecture, Some(Architecture::X86_64));
    assert_eq!(get("mac2.metal").architecture, None);
}

#[test]
fn retired_types() {
    for name in
        ["p2.xlarge", "p3.2xlarge", "g3.4xlarge", "g2.2xlarge", "f1.2xlarge", "g4ad.xlarge", "dl1.24xlarge"]
    {
        let it = get(name);
        assert!(it.is_retired(), "{name}");
        assert_eq!(it.regions().count(), 0, "{name}");
        assert_eq!(it.offered_in("us-east-1"), Some(false), "{name}");
    }
    assert!(!get("p3dn.24xlarge").is_retired());
}

#[test]
fn offered_where() {
    assert_eq!(get("m5.large").offered_in("us-east-1"), Some(true));
    assert_eq!(get("a1.large").offered_in("ca-west-1"), Some(false));
    assert_eq!(get("m5.large").offered_in("cn-north-1"), None);
    // Prices are known of GovCloud, the list of types is not.
    assert_eq!(get("m5.large").offered_in("us-gov-west-1"), None);
    assert_eq!(get("a1.large").regions().count(), 9);
    assert!(get("a1.large").regions().any(|it| it == "us-west-2"));
}

#[test]
fn the_free_tiers() {
    let names =
        |inside: fn(&InstanceType) -> bool| all().filter(inside).map(|it| it.name).collect::<Vec<_>>();
    let plan = [
        "c7i-flex.large",
        "m7i-flex.large",
        "t3.micro",
        "t3.small",
        "t4g.micro",
        "t4g.small",
        "t8i.micro",
        "t8i.small",
    ];
    assert_eq!(names(|it| it.on_free_plan), plan);
    assert_eq!(names(|it| it.free_first_year == FreeFirstYear::Yes), ["t2.micro"]);
    assert_eq!(names(|it| it.free_first_year == FreeFirstYear::WhereNoT2), ["t3.micro"]);
}

#[test]
fn families() {
    assert!(family_is_known("m5") && family_is_known("m5.2large") && family_is_known("p2.xlarge"));
    assert!(!family_is_known("m") && !family_is_known("g4dnn.xlarge") && !family_is_known(""));
}

#[test]
fn near_names_of_misspelt_types() {
    assert_eq!(near_names("m5.2large")[0], "m5.2xlarge");
    assert_eq!(near_names("g4dnn.xlarge"), ["g4dn.xlarge"]);
    assert_eq!(near_names("t2micro")[0], "t2.micro");
    assert_eq!(near_names("T3.Micro")[0], "t3.micro");
    assert_eq!(near_names("m5.lrage"), ["m5.large", "m5.xlarge"]);
    assert_eq!(near_names("not-a-type"), [""; 0]);
    assert_eq!(near_names(""), [""; 0]);
    assert!(near_names("p2.xlarg").is_empty(), "all types of the family are gone");
}

#[test]
fn every_row_can_be_read() {
    assert!(all().count() > 1400);
    for it in all() {
        assert!(it.vcpus > 0 && it.memory_mib > 0, "{it:?}");
        assert_eq!(it.launchable, it.regions().count() > 0, "{it:?}");
        assert_eq!(find(it.name), Some(it));
    }
}
