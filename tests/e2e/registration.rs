//! A stack is done when its instances are in the cluster, and goes when they have left it.
//!
//! One server has the stack, the other one the instances: what makes them and what they do is done here.

use serde_json::{Value, json};

use crate::place::{Place, Running};
use crate::world::World;

const CLUSTER: &str = include_str!("../../fixtures/good-cluster.yml");

/// A group with an instance that runs, whose agent has not come yet.
struct Fleet {
    place: Place,
    name: &'static str,
    instance: String,
}

/// The fixture, changed in one place.
#[track_caller]
fn changed(template: &str, from: &str, to: &str) -> String {
    assert_eq!(template.matches(from).count(), 1, "{from}");
    template.replace(from, to)
}

impl Fleet {
    fn new(world: &World, name: &'static str, template: &str) -> Fleet {
        let template = changed(
            template,
            "      VPCZoneIdentifier:",
            &format!("      AutoScalingGroupName: {name}\n      VPCZoneIdentifier:"),
        );
        let place = Place::new(world, name)
            .with("cluster.yml", &template)
            // The clock of ecslint runs faster, so that nobody waits ten seconds for its next look.
            .set("ECSLINT_CLOCK_SPEED", "5");
        let image = "--image-id ami-0123456789abcdef0";
        place.ask(&format!(
            "ssm put-parameter --name /{name}/image --type String --value ami-0123456789abcdef0"
        ));
        place.ask(&format!(
            "autoscaling create-launch-configuration --launch-configuration-name {name} --instance-type t3.micro {image}"
        ));
        place.ask(&format!(
            "autoscaling create-auto-scaling-group --auto-scaling-group-name {name} --launch-configuration-name {name} \
             --min-size 1 --max-size 1 --availability-zones us-east-1a"
        ));
        let mut res = Fleet { place, name, instance: String::new() };
        let (desired, mut instances) = res.group();
        assert_eq!((desired, instances.len()), (1, 1));
        res.instance = instances.remove(0);
        res
    }

    fn deploy(&self, more: &[&str]) -> Running {
        let image = format!("Image=/{}/image", self.name);
        let args = ["deploy", "--stack", self.name, "--yes", "-P", &image, "--progress", "json"];
        self.place.start(&[&args, more].concat())
    }

    /// The name that CloudFormation gives to the cluster.
    fn cluster(&self) -> String {
        format!("{}-Cluster", self.name)
    }

    /// How many instances the group wants, and those that it has.
    fn group(&self) -> (u64, Vec<String>) {
        let line =
            format!("autoscaling describe-auto-scaling-groups --auto-scaling-group-names {}", self.name);
        let group = &self.place.ask(&line)["AutoScalingGroups"][0];
        let id = |it: &Value| it["InstanceId"].as_str().expect("an id").to_owned();
        let instances = group["Instances"].as_array().into_iter().flatten().map(id);
        (group["DesiredCapacity"].as_u64().expect("a number"), instances.collect())
    }

    /// What the agent does when it has started; gives the ARN that leaves again.
    fn registers(&self, cluster: &str) -> String {
        self.place.ask(&format!("ecs create-cluster --cluster-name {cluster}"));
        let document = json!({ "instanceId": self.instance });
        let line = format!(
            "ecs register-container-instance --cluster {cluster} --instance-identity-document {document}"
        );
        let answer = self.place.ask(&line);
        answer["containerInstance"]["containerInstanceArn"].as_str().expect("an ARN").to_owned()
    }
}

pub(crate) fn instances_join_and_leave(world: &World) {
    let fleet = Fleet::new(world, "joins", CLUSTER);
    let cluster = fleet.cluster();
    let mut deploy = fleet.deploy(&["--ecs-timeout", "5m"]);
    // The stack is up, and that is not enough.
    deploy.tells("stack", |it| it["status"] == "CREATE_COMPLETE");
    deploy.tells("registration", |it| it["cluster"] == *cluster && it["connected"] == json!([]));
    let registered = fleet.registers(&cluster);
    deploy.tells("registration", |it| it["connected"] == json!([fleet.instance]) && it["desired"] == 1);
    deploy.end().is(0, &["\"outputs\":{\"Cluster\":\"joins-Cluster\"}", "\"exit_code\":0"]);
    let place = &fleet.place;
    place
        .run(&["status", "joins"])
        .is(0, &["CREATE_COMPLETE", "joins-Cluster: 1/1 instances", &fleet.instance]);

    let mut destroy = place.start(&["destroy", "joins", "--yes", "--progress", "json"]);
    destroy.tells("leaving", |it| it["instances"] == 1);
    assert_eq!(fleet.group(), (0, Vec::new()));
    place.ask(&format!(
        "ecs deregister-container-instance --cluster {cluster} --container-instance {registered} --force"
    ));
    destroy.tells("leaving", |it| it["instances"] == 0);
    destroy.tells("stack", |it| it["status"] == "DELETE_IN_PROGRESS");
    destroy.end().is(0, &["\"DELETE_COMPLETE\""]);
}

pub(crate) fn an_instance_joins_default(world: &World) {
    // The cluster is another stack's, and its name a parameter that is given only once.
    let parameter = "Parameters:\n  Name:\n    Type: String\n    Default: nowhere\n";
    let template = changed(CLUSTER, "Parameters:\n", parameter);
    let template = changed(&template, "  Cluster:\n    Type: AWS::ECS::Cluster\n", "");
    let template = changed(&template, "ECS_CLUSTER=${Cluster}", "ECS_CLUSTER=${Name}");
    let template = changed(&template, "Value: !Ref Cluster", "Value: !Ref Name");
    let fleet = Fleet::new(world, "strays", &template);
    fleet
        .deploy(&["--no-wait-ecs", "-P", "Name=strays-Cluster"])
        .end()
        .is(0, &["\"CREATE_COMPLETE\"", "\"exit_code\":0"]);
    fleet.registers("default");

    let late = ["deploy", "--resume", "--stack", "strays", "--ecs-timeout", "1s"];
    let stray = ["strays-Cluster: 0/1 instances", "in the cluster `default` instead", &fleet.instance];
    fleet.place.run(&late).is(6, &[&stray[..], &["ECS_CLUSTER=", "the stack is up"]].concat());

    fleet.registers(&fleet.cluster());
    let update = fleet.deploy(&["--tag", "team=blue", "--ecs-timeout", "1s"]).end();
    update.is(0, &["\"UPDATE_COMPLETE\"", "\"cluster\":\"strays-Cluster\"", &fleet.instance]);
}
