//! What AWS says when it refuses, and what it means.

/// What a reason means.
#[derive(Debug)]
pub(super) struct Known {
    /// Parts of it: one is enough.
    parts: &'static [&'static str],
    /// In one sentence.
    pub(super) cause: &'static str,
    /// The properties that it is about.
    pub(super) properties: &'static [&'static str],
    /// What to do.
    pub(super) help: &'static str,
    /// The rule that tells more.
    pub(super) code: Option<&'static str>,
}

const fn known(
    parts: &'static [&'static str],
    cause: &'static str,
    properties: &'static [&'static str],
    help: &'static str,
) -> Known {
    Known { parts, cause, properties, help, code: None }
}

/// The first that fits is taken: the more special stand before.
static ALL: [Known; 17] = [
    Known {
        code: Some("ECS701"),
        ..known(
            &["Launch Configuration creation operation is not available"],
            "this account cannot create launch configurations: those opened after 2024-10-01 use launch templates",
            &[],
            "write it as a launch template: `ecslint check` shows how (ECS701)",
        )
    },
    known(
        &["InsufficientInstanceCapacity", "do not have sufficient"],
        "AWS has no such instance free in this Availability Zone at the moment",
        &["InstanceType"],
        "try again later, another instance type, or subnets in more Availability Zones",
    ),
    known(
        &["VcpuLimitExceeded", "more vCPU capacity than your current vCPU limit", "vCPU limit"],
        "the account's quota of vCPUs for this family is used up; for GPU families it is 0 at first",
        &["InstanceType"],
        "ask for more in Service Quotas (`aws service-quotas list-service-quotas --service-code ec2`), or take a smaller type",
    ),
    known(
        &["is not supported in your requested Availability Zone", "Unsupported - ", "Unsupported: "],
        "the Availability Zone has no instances of this type",
        &["InstanceType"],
        "name another zone or type: `aws ec2 describe-instance-type-offerings --location-type availability-zone`",
    ),
    known(
        &["InvalidKeyPair", "key pair"],
        "there is no such key pair in this region",
        &["KeyName"],
        "name one that is there: `aws ec2 describe-key-pairs`",
    ),
    known(
        &["InvalidAMIID", "image id", "AMI"],
        "the image cannot be used here: it is not in this region, is gone, or is not shared with this account",
        &["ImageId"],
        "take the image from the parameter store: /aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id",
    ),
    known(
        &["Invalid IAM Instance Profile", "IamInstanceProfile", "instance profile"],
        "the instance profile cannot be used",
        &["IamInstanceProfile"],
        "name a profile of this account, and pass its name or ARN as the property wants it",
    ),
    known(
        &["not authorized to perform", "AccessDenied", "is not authorized", "UnauthorizedOperation"],
        "who deploys may not do this",
        &[],
        "allow it: `ecslint deploy --print-iam-policy` shows all that is needed",
    ),
    known(
        &[
            "AddressLimitExceeded",
            "VpcLimitExceeded",
            "LimitExceeded",
            "maximum number of",
            "limit has been",
            "exceeded the limit",
            "quota",
        ],
        "a quota of the account is used up",
        &[],
        "remove what is not needed, or ask for more in Service Quotas",
    ),
    known(
        &["already exists", "AlreadyExists", "EntityAlreadyExists"],
        "another resource has this name already",
        &[
            "RoleName",
            "InstanceProfileName",
            "ManagedPolicyName",
            "LogGroupName",
            "ClusterName",
            "AutoScalingGroupName",
            "LaunchTemplateName",
            "RepositoryName",
            "BucketName",
            "QueueName",
            "TableName",
            "Name",
            "GroupName",
        ],
        "remove it, or leave the name to CloudFormation",
    ),
    known(
        &["Container Instances are active or draining", "ClusterContainsContainerInstances"],
        "instances are still registered in the cluster",
        &[],
        "`ecslint destroy` empties the groups first",
    ),
    known(
        &["ClusterContainsServices", "Services are active", "ClusterContainsTasks"],
        "services or tasks that are not of this stack run in the cluster",
        &[],
        "stop them: `aws ecs list-services --cluster NAME`",
    ),
    known(
        &["ClusterContainsCapacityProvider", "ResourceInUseException"],
        "something that is not of this stack still uses it",
        &[],
        "take it away there first",
    ),
    known(
        &[
            "has dependencies and cannot be deleted",
            "DependencyViolation",
            "has a dependent object",
            "has some mapped public address",
        ],
        "something that is not of this stack is attached to it, most often a network interface",
        &[],
        "find it: `aws ec2 describe-network-interfaces --filters Name=subnet-id,Values=...`",
    ),
    known(
        &["bucket you tried to delete is not empty", "BucketNotEmpty"],
        "the bucket is not empty",
        &["BucketName"],
        "empty it: `aws s3 rm s3://NAME --recursive`",
    ),
    known(
        &["does not exist", "NotFound"],
        "it names what is not there",
        &[],
        "look at the names that the resource uses, and at the region",
    ),
    known(
        &[
            "Encountered unsupported property",
            "extraneous key",
            "failed validation constraint",
            "Model validation failed",
            "Property validation failure",
        ],
        "a property is not what the resource takes",
        &[],
        "mend the property that is named",
    ),
];

/// What a reason means; nothing where it is not known.
pub(super) fn find(text: &str) -> Option<&'static Known> {
    ALL.iter().find(|it| it.parts.iter().any(|part| text.contains(part)))
}
