//! Where calls go: to this machine and nowhere else, and into the region that is shown.

use crate::place::Place;
use crate::server::endpoint;
use crate::world::World;

const TOPIC: &str = "\
Resources:
  Topic:
    Type: AWS::SNS::Topic
Outputs:
  Topic:
    Value: !Ref Topic
";

/// A server anywhere else is no stand-in.
pub(crate) fn endpoints_are_on_this_machine() {
    for (address, is_here) in [
        ("127.0.0.1:4588", true),
        ("127.9.9.9:80", true),
        ("0.0.0.0:4588", false),
        ("10.0.0.1:4588", false),
        ("52.94.133.131:443", false),
        ("[::]:4588", false),
    ] {
        assert_eq!(endpoint(address.parse().expect("an address")).is_ok(), is_here, "{address}");
    }
}

/// Who forgets to name a server does not reach AWS.
pub(crate) fn nothing_passes_this_machine(world: &World) {
    let place = Place::new(world, "astray").set("AWS_ENDPOINT_URL", "").with("topic.yml", TOPIC);
    let ran = place.aws("sts get-caller-identity");
    assert!(ran.code != 0 && ran.stderr.contains("127.0.0.1:1"), "{ran}");
    place.run(&["deploy", "--yes"]).is(5, &["error: ", "next: "]);
}

/// Version 1 of the CLI knows only one of the two variables, version 2 prefers the other one.
pub(crate) fn the_region_that_is_shown(world: &World) {
    let place = Place::new(world, "region").set("AWS_REGION", "eu-west-1").with("topic.yml", TOPIC);
    place.run(&["deploy", "--yes"]).is(0, &["region eu-west-1", "Topic = arn:aws:sns:eu-west-1:"]);
}
