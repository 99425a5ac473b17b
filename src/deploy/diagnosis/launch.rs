//! What EC2 says when it starts no instance, in scaling activities and in the events of instances and groups.

use super::kind::Kind;
use super::sight::FleetSight;
use super::{Found, Place, words};

/// What one of these texts says.
struct Row {
    /// Parts of the text, in small letters: any of them.
    parts: &'static [&'static str],
    kind: Kind,
    /// The properties of the launch source that it is about, the first that is there.
    properties: &'static [&'static str],
    /// The cause; `{}` is the name that stands in the text in quotes.
    cause: &'static str,
    /// What is said of the words of the property.
    label: &'static str,
    /// What to do.
    next: &'static str,
}

const TYPE: &[&str] = &["InstanceType"];
const QUOTA: &str = "ask for more vCPUs (Service Quotas, Amazon EC2, `Running On-Demand ... instances` of its family), or take \
    a type of a family of which the account may have some";

/// In the order in which they are tried.
const ROWS: [Row; 22] = [
    Row {
        parts: &["vcpu limit", "vcpulimitexceeded", "current instance limit", "instancelimitexceeded"],
        kind: Kind::Quota,
        properties: TYPE,
        cause: "the account may not start so many vCPUs of this family",
        label: "more vCPUs than the account may have",
        next: QUOTA,
    },
    Row {
        parts: &["max spot instance count exceeded", "maxspotinstancecountexceeded"],
        kind: Kind::Quota,
        properties: TYPE,
        cause: "the account may not have so many Spot instances of this family",
        label: "more vCPUs than the account may have as Spot instances",
        next: "ask for more (Service Quotas, Amazon EC2, `All ... Spot Instance Requests`), or take On-Demand instances",
    },
    Row {
        parts: &[
            "insufficient capacity",
            "insufficientinstancecapacity",
            "do not have sufficient",
            "no spot capacity",
        ],
        kind: Kind::Capacity,
        properties: TYPE,
        cause: "AWS has no capacity free for {} in this Availability Zone at the moment",
        label: "none is free",
        next: "try again later, in subnets of more zones, or with other types (`MixedInstancesPolicy`)",
    },
    Row {
        parts: &["not eligible for free tier"],
        kind: Kind::InstanceType,
        properties: TYPE,
        cause: "the account is on the free plan, which does not start this type",
        label: "not in the free tier",
        next: "take a type of the free tier, such as t3.micro, or upgrade the plan of the account",
    },
    Row {
        parts: &[
            "is not supported in your requested availability zone",
            "configuration is currently not supported",
            "not supported in this region",
            "unsupported: ",
        ],
        kind: Kind::InstanceType,
        properties: TYPE,
        cause: "the instance type {} is not offered in this Availability Zone",
        label: "not offered here",
        next: "take another type, or a subnet in a zone that has it: `aws ec2 describe-instance-type-offerings --location-type availability-zone`",
    },
    Row {
        parts: &["does not match the architecture", "architectures do not match"],
        kind: Kind::Architecture,
        properties: &["ImageId"],
        cause: "the image is made for another processor than the instance type has",
        label: "made for another processor",
        next: "take the image for the processor of the type: `.../arm64/recommended/image_id` for types as t4g and m7g",
    },
    Row {
        parts: &[
            "invalid instance type",
            "invalid value 'instancetype",
            "for parameter instancetype is invalid",
            "invalid instancetype",
        ],
        kind: Kind::InstanceType,
        properties: TYPE,
        cause: "the instance type {} is not known here",
        label: "no such type",
        next: "take a type that there is",
    },
    Row {
        parts: &[
            "the image id",
            "invalidamiid",
            "invalid image",
            "ami cannot be found",
            "not authorized for images",
        ],
        kind: Kind::Image,
        properties: &["ImageId"],
        cause: "the image {} is not there, or not for this account and region",
        label: "no such image",
        next: "let a parameter of type AWS::SSM::Parameter::Value<AWS::EC2::Image::Id> find the newest image of the region",
    },
    Row {
        parts: &["the key pair", "invalidkeypair"],
        kind: Kind::KeyPair,
        properties: &["KeyName"],
        cause: "the key pair {} is not in this region",
        label: "no such key pair",
        next: "make it (`aws ec2 create-key-pair --key-name NAME`), name another one, or leave `KeyName` out",
    },
    Row {
        parts: &["iaminstanceprofile", "iam instance profile", "instance profile"],
        kind: Kind::InstanceProfile,
        properties: &["IamInstanceProfile"],
        cause: "the instance profile {} is not there",
        label: "no such instance profile",
        next: "name an AWS::IAM::InstanceProfile here, which holds the role; the name of a role is none",
    },
    Row {
        parts: &["belong to different networks", "security group", "invalidgroup", "invalidsecuritygroup"],
        kind: Kind::SecurityGroup,
        properties: &["SecurityGroupIds", "SecurityGroups", "NetworkInterfaces"],
        cause: "the security group {} is not in the VPC of the subnets",
        label: "not in the VPC of the subnets",
        next: "give the group the same `VpcId` as the subnets",
    },
    Row {
        parts: &["not enough free addresses", "insufficientfreeaddressesinsubnet"],
        kind: Kind::Subnet,
        properties: &[],
        cause: "the subnet {} has no address left",
        label: "no address is left in the subnet",
        next: "take a larger subnet, or one more",
    },
    Row {
        parts: &["invalidsubnet", "the subnet id", "no default vpc", "no default subnet"],
        kind: Kind::Subnet,
        properties: &[],
        cause: "the subnet {} is not there",
        label: "no such subnet",
        next: "name the subnets of the template under `VPCZoneIdentifier`",
    },
    Row {
        parts: &["smaller than snapshot"],
        kind: Kind::Volume,
        properties: &["BlockDeviceMappings"],
        cause: "a volume is smaller than the image that goes into it",
        label: "too small for the image",
        next: "make `VolumeSize` at least as large as the snapshot of the image: 30 for ECS images",
    },
    Row {
        parts: &["client error on launch", "kms", "client.internalerror"],
        kind: Kind::Volume,
        properties: &["BlockDeviceMappings", "ImageId"],
        cause: "the instance ended while it was started: mostly its encrypted volume may not be decrypted",
        label: "its volumes are encrypted with a key that Auto Scaling may not use",
        next: "let the service-linked role AWSServiceRoleForAutoScaling use the KMS key, or take the default key for EBS",
    },
    Row {
        parts: &["user data is limited", "encoding of user data", "userdata does not appear"],
        kind: Kind::UserData,
        properties: &["UserData"],
        cause: "EC2 refuses the user data",
        label: "refused",
        next: "put `Fn::Base64` around it, and keep it below 16 KB",
    },
    Row {
        parts: &[
            "currently blocked",
            "pendingverification",
            "pending verification",
            "being validated",
            "optinrequired",
            "not subscribed to this service",
        ],
        kind: Kind::Account,
        properties: &[],
        cause: "AWS does not let this account start instances yet",
        label: "nothing is started for this account",
        next: "wait until the account is verified, or write to AWS Support",
    },
    Row {
        parts: &[
            "not authorized to use launch template",
            "you must use a valid fully-formed launch template",
        ],
        kind: Kind::Permission,
        properties: &[],
        cause: "Auto Scaling cannot use the launch template",
        label: "cannot be started from its launch template",
        next: "read what AWS says of the launch template, and look who may use it",
    },
    Row {
        parts: &[
            "authentication failure",
            "not authorized to perform this operation",
            "unauthorizedoperation",
        ],
        kind: Kind::Permission,
        properties: &[],
        cause: "Auto Scaling may not start the instance",
        label: "may not be started",
        next: "let the caller and the service-linked role AWSServiceRoleForAutoScaling do `ec2:RunInstances` and `iam:PassRole`",
    },
    Row {
        parts: &[
            "spotinstancetermination",
            "spot instance interruption",
            "spot price",
            "spotinstanceshutdown",
        ],
        kind: Kind::Capacity,
        properties: &["InstanceMarketOptions", "InstanceType"],
        cause: "AWS took the Spot instance back",
        label: "taken back",
        next: "try again later, or take On-Demand instances",
    },
    Row {
        parts: &["volumelimitexceeded", "addresslimitexceeded", "limitexceeded"],
        kind: Kind::Quota,
        properties: &[],
        cause: "the account has as much of it as it may",
        label: "more than the account may have",
        next: "ask for more (Service Quotas), or delete what is not used",
    },
    Row {
        parts: &["instanceinitiatedshutdown", "user initiated", "userinitiatedshutdown"],
        kind: Kind::InstanceEnded,
        properties: &["UserData"],
        cause: "the instance was shut down before it could signal",
        label: "look for `shutdown`, `poweroff` and `reboot` in the script",
        next: "keep the script from shutting the instance down",
    },
];

/// What a text about a launch says; `None` where no row has it. `fleet` is what was to be started.
pub(super) fn read(text: &str, fleet: Option<&FleetSight<'_>>) -> Option<Found> {
    let lower = text.to_lowercase();
    let row = ROWS.iter().find(|row| row.parts.iter().any(|it| lower.contains(it)))?;
    let places = fleet.map_or_else(Vec::new, |fleet| places(row, fleet));
    let name = words::instance_type(text).or_else(|| words::quoted(text));
    Some(Found::new(row.kind, words::filled(row.cause, name), places).next(row.next))
}

fn places(row: &Row, fleet: &FleetSight<'_>) -> Vec<Place> {
    let subnets = || fleet.subnets.map(|it| vec![Place::new(it, row.label)]);
    let mut res = match (row.kind, row.properties) {
        (Kind::Subnet, _) => subnets().unwrap_or_else(|| fleet.place(&[], row.label)),
        (_, properties) => fleet.place(properties, row.label),
    };
    match row.kind {
        Kind::Architecture => {
            res.extend(
                fleet.properties.get("InstanceType").map(|it| Place::new(it.span, "of another processor")),
            );
        }
        Kind::Capacity => res.extend(fleet.subnets.map(|it| Place::new(it, "in the zones of these subnets"))),
        _ => {}
    }
    res
}
