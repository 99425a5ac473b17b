//! Images that are known by heart.

use super::*;

fn image(family: ImageFamily, variant: ImageVariant, architecture: Architecture, ecs: bool) -> ImageFacts {
    ImageFacts { family, variant, architecture, ecs }
}

#[test]
fn by_the_ids_of_today() {
    let known = by_id("ami-00012e6b74f4e436b").expect("it is in the table");
    assert_eq!(known.name, "amzn2-ami-ecs-kernel-5.10-hvm-2.0.20241108-arm64-ebs");
    assert_eq!(known.region, Some("af-south-1"));
    let facts = image(ImageFamily::AmazonLinux2, ImageVariant::Standard, Architecture::Arm64, true);
    assert_eq!(known.facts, facts);
    let path = "/aws/service/ecs/optimized-ami/amazon-linux-2/kernel-5.10/arm64/recommended/image_id";
    assert_eq!(known.parameter(), path);
    assert_eq!(by_ssm_path(path), Some(facts));

    let known = by_id("ami-0011568c11c698d02").expect("it is in the table");
    let facts = image(ImageFamily::AmazonLinux2023, ImageVariant::Gpu, Architecture::X86_64, true);
    assert_eq!((known.facts, known.region), (facts, Some("us-east-1")));
}

#[test]
fn by_the_ids_of_old_guides() {
    let known = by_id("ami-00129b193dc81bc31").expect("it is in the table");
    assert_eq!(
        (known.name.as_str(), known.region),
        ("amzn-ami-2018.03.e-amazon-ecs-optimized", Some("us-east-1"))
    );
    assert_eq!(known.facts.family, ImageFamily::AmazonLinux);
    // The short form. An example in the guide names it in a wrong region.
    let known = by_id("ami-25f51242").expect("it is in the table");
    assert_eq!(
        (known.name.as_str(), known.region),
        ("amzn-ami-2017.09.j-amazon-ecs-optimized", Some("eu-west-2"))
    );
    // Two regions have it.
    let known = by_id("ami-0b619dec66f0fe1eb").expect("it is in the table");
    assert_eq!((known.name.as_str(), known.region), ("amzn2-ami-ecs-hvm-2.0.20190709-x86_64-ebs", None));
    let known = by_id("ami-00f3f16f1d05e53a9").expect("it is in the table");
    assert_eq!(known.facts.family, ImageFamily::Windows);
}

#[test]
fn ids_that_are_not_known() {
    let near =
        ["ami-00012e6b74f4e436c", "ami-00012E6B74F4E436B", "ami-10012e6b74f4e436b", "00012e6b74f4e436b"];
    let odd =
        ["", "ami-", "ami-0000000025f51242", "ami-é", "ami-00000000025f51242", "ami-+5f51242", "${Image}"];
    for id in near.into_iter().chain(odd) {
        assert_eq!(by_id(id), None, "{id}");
    }
}

#[test]
fn paths_of_images_with_the_agent() {
    let check = |rest: &str, facts: ImageFacts, holds| {
        let expected = Some(Parameter { image: facts, holds });
        assert_eq!(parameter(&format!("/aws/service/{rest}")), expected, "{rest}");
    };
    let standard = image(ImageFamily::AmazonLinux2, ImageVariant::Standard, Architecture::X86_64, true);
    check("ecs/optimized-ami/amazon-linux-2/recommended/image_id", standard, Holds::ImageId);
    check("ecs/optimized-ami/amazon-linux-2/recommended/image_id:3", standard, Holds::ImageId);
    check("ecs/optimized-ami/amazon-linux-2/recommended", standard, Holds::Json);
    check("ecs/optimized-ami/amazon-linux-2/recommended/image_name", standard, Holds::Other);
    let name = "amzn2-ami-ecs-hvm-2.0.20241010-x86_64-ebs";
    check(&format!("ecs/optimized-ami/amazon-linux-2/{name}/image_id"), standard, Holds::ImageId);
    check(&format!("ecs/optimized-ami/amazon-linux-2/{name}"), standard, Holds::Json);
    let gpu = ImageFacts { variant: ImageVariant::Gpu, ..standard };
    check("ecs/optimized-ami/amazon-linux-2/kernel-5.10/gpu/recommended/image_id", gpu, Holds::ImageId);
    let neuron = image(ImageFamily::AmazonLinux2023, ImageVariant::Neuron, Architecture::X86_64, true);
    check("ecs/optimized-ami/amazon-linux-2023/neuron/recommended/image_id", neuron, Holds::ImageId);
    let rocket = image(ImageFamily::Bottlerocket, ImageVariant::Gpu, Architecture::Arm64, true);
    check("bottlerocket/aws-ecs-2-nvidia/arm64/latest/image_id", rocket, Holds::ImageId);
    check("bottlerocket/aws-ecs-3-nvidia-fips/arm64/1.20.0/image_version", rocket, Holds::Other);
    let windows = image(ImageFamily::Windows, ImageVariant::Standard, Architecture::X86_64, true);
    let name = "ami-windows-latest/Windows_Server-2019-English-Full-ECS_Optimized";
    check(&format!("{name}/image_id"), windows, Holds::ImageId);
    check(name, windows, Holds::Json);
    check("ecs/optimized-ami/windows_server/2022/english/core/recommended/image_id", windows, Holds::ImageId);
}

#[test]
fn paths_of_images_without_the_agent() {
    let check = |rest: &str, family, architecture| {
        let facts = image(family, ImageVariant::Standard, architecture, false);
        let expected = Some(Parameter { image: facts, holds: Holds::ImageId });
        assert_eq!(parameter(&format!("/aws/service/{rest}")), expected, "{rest}");
    };
    let (intel, arm) = (Architecture::X86_64, Architecture::Arm64);
    check("ami-amazon-linux-latest/amzn2-ami-hvm-x86_64-gp2", ImageFamily::AmazonLinux2, intel);
    check("ami-amazon-linux-latest/amzn-ami-hvm-x86_64-gp2", ImageFamily::AmazonLinux, intel);
    check("ami-amazon-linux-latest/al2023-ami-kernel-default-arm64", ImageFamily::AmazonLinux2023, arm);
    check("ami-windows-latest/Windows_Server-2019-English-Full-Base", ImageFamily::Windows, intel);
    check("bottlerocket/aws-k8s-1.30/x86_64/latest/image_id", ImageFamily::Bottlerocket, intel);
    let ubuntu = "canonical/ubuntu/server/22.04/stable/current/arm64/hvm/ebs-gp2/ami-id";
    check(ubuntu, ImageFamily::Ubuntu, arm);
    check("debian/release/10/latest/amd64", ImageFamily::Other, intel);
}

#[test]
fn misspelt_paths() {
    let check = |rest: &str, near: Option<&str>| {
        let path = format!("/aws/service/{rest}");
        assert_eq!(by_ssm_path(&path), None, "{rest}");
        let near = near.map(|it| format!("/aws/service/{it}"));
        assert_eq!(near_parameters(&path).first(), near.as_ref(), "{rest}");
    };
    let right = "ecs/optimized-ami/amazon-linux-2/recommended/image_id";
    check("ecs/optimized-ami/amazon-linux-2/recomended/image_id", Some(right));
    check("ecs/optimized-ami/amazon-linux2/recommended/image_id", Some(right));
    check("ecs/optimized-ami/amazon-linux-2/recommended/imageid", Some(right));
    let plain = "ami-amazon-linux-latest/amzn2-ami-hvm-x86_64-gp2";
    check("ami-amazon-linux-latest/amzn2-ami-hvm-x86_64-gp", Some(plain));
    check(
        "bottlerocket/aws-ecs-4/x86_64/latest/image_id",
        Some("bottlerocket/aws-ecs-1/x86_64/latest/image_id"),
    );
    check("ecs/optimized-ami", None);
    check("eks/optimized-ami/1.29/amazon-linux-2/recommended/image_id", None);
    assert_eq!(by_ssm_path("/my/own/parameter"), None);
    assert_eq!(by_ssm_path(""), None);
}

#[test]
fn every_id_has_a_name_and_facts() {
    let bytes = include_bytes!("../data/image_ids.bin");
    let (records, rest) = bytes.as_chunks::<11>();
    assert!(rest.is_empty() && records.is_sorted_by(|left, right| left[..8] < right[..8]));
    assert!(records.len() > 37_000);
    for record in records.iter().step_by(97) {
        let digits: String = record[..8].iter().map(|it| format!("{it:02x}")).collect();
        let id =
            if record[10] & 0x80 == 0 { format!("ami-0{digits}") } else { format!("ami-{}", &digits[8..]) };
        assert!(by_id(&id).is_some_and(|it| it.facts.ecs), "{id}");
    }
}

#[test]
fn what_ended_has_a_successor_that_did_not() {
    let end = |path: &str| end_of_life(path, by_ssm_path(path).expect("it is in the tables"));
    for variant in ids::IMAGES.rows().map(|it| it.key).filter(|it| it.starts_with("amazon-linux-2/")) {
        let end = end(&format!("/aws/service/ecs/optimized-ami/{variant}/recommended/image_id"));
        let end = end.expect("Amazon Linux 2 has ended");
        assert_eq!(parameter(&end.successor).map(|it| it.holds), Some(Holds::ImageId), "{variant}");
        assert_eq!(end_of_life(&end.successor, by_ssm_path(&end.successor).expect("just seen")), None);
    }
    let bottlerocket = |kind: &str| end(&format!("/aws/service/bottlerocket/{kind}/arm64/latest/image_id"));
    let successor = bottlerocket("aws-ecs-1-nvidia").map(|it| it.successor);
    assert_eq!(
        successor.as_deref(),
        Some("/aws/service/bottlerocket/aws-ecs-2-nvidia/arm64/latest/image_id")
    );
    assert_eq!(bottlerocket("aws-ecs-2"), None);
}
