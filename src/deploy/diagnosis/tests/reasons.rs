//! Resources that fail on their own, and stacks around them.

use super::*;

#[test]
fn each_reason() {
    let cases = [
        ("Role", "AWS::IAM::Role", "Resource handler returned message: \"Resource of type 'AWS::IAM::Role' with identifier 'demo-role' already exists.\" (RequestToken: 1, HandlerErrorCode: AlreadyExists)", "NameTaken: `demo-role` exists already, outside of this stack
  \"demo-role\" taken already
"),
        ("Role", "AWS::IAM::Role", "demo-role already exists in stack arn:aws:cloudformation:us-east-1:1:stack/old/1", "NameTaken: `demo-role` exists already, in the stack arn:aws:cloudformation:us-east-1:1:stack/old/1
  \"demo-role\" taken already
"),
        ("Logs", "AWS::Logs::LogGroup", "Resource handler returned message: \"Resource of type 'AWS::Logs::LogGroup' with identifier '{\"/properties/LogGroupName\":\"/ecs/demo\"}' already exists.\" (RequestToken: 1, HandlerErrorCode: AlreadyExists)", "NameTaken: `/ecs/demo\"}` exists already, outside of this stack
  \"/ecs/demo\" taken already
"),
        ("Cluster", "AWS::ECS::Cluster", "Resource handler returned message: \"Unable to assume the service linked role. Please verify that the ECS service linked role exists. (Service: AmazonECS; Status Code: 400; Error Code: InvalidParameterException; Request ID: 1; Proxy: null)\" (RequestToken: 1, HandlerErrorCode: GeneralServiceException)", "AwsFault: the account had no service-linked role for ECS yet: the first use of ECS makes it
  \"Cluster\" came before the role
"),
        ("Role", "AWS::IAM::Role", "API: iam:CreateRole User: arn:aws:iam::1:user/dev is not authorized to perform: iam:CreateRole on resource: arn:aws:iam::1:role/demo-role because no identity-based policy allows the iam:CreateRole action", "Permission: the caller may not do `iam:CreateRole`
  \"Role\" needs a right that the caller lacks
"),
        ("Group", "AWS::AutoScaling::AutoScalingGroup", "Resource handler returned message: \"User: arn:aws:iam::1:user/dev is not authorized to perform: iam:PassRole on resource: x (Service: AutoScaling, Status Code: 403, Request ID: 1)\" (RequestToken: 1, HandlerErrorCode: AccessDenied)", "Permission: the caller may not do `iam:PassRole`
  \"{Arn: !GetAtt Profile.Arn}\" hands a role on
"),
        ("Vpc", "AWS::EC2::VPC", "Resource handler returned message: \"The maximum number of VPCs has been reached. (Service: Ec2, Status Code: 400, Request ID: 1)\" (RequestToken: 1, HandlerErrorCode: ServiceLimitExceeded)", "Quota: the account has as many as it may of AWS::EC2::VPC
  \"AWS::EC2::VPC\" the account may not have one more
"),
        ("Subnet", "AWS::EC2::Subnet", "Resource handler returned message: \"The CIDR '10.0.0.0/24' conflicts with another subnet (Service: Ec2, Status Code: 400, Request ID: 1)\" (RequestToken: 1, HandlerErrorCode: InvalidRequest)", "Property: The CIDR '10.0.0.0/24' conflicts with another subnet
  \"10.0.0.0/24\" refused
"),
        ("Subnet", "AWS::EC2::Subnet", "Properties validation failed for resource Subnet with message: #/CidrBlock: expected type: String, found: Integer", "Property: Properties validation failed for resource Subnet with message: #/CidrBlock: expected type: String, found: Integer
  \"10.0.0.0/24\" refused
"),
        ("Vpc", "AWS::EC2::VPC", "Rate exceeded (Service: AmazonEC2; Status Code: 503; Error Code: Throttling; Request ID: 1)", "AwsFault: AWS itself failed; the template has no part in it
  \"Vpc\" not made
"),
        ("Attachment", "AWS::EC2::VPCGatewayAttachment", "Resource handler returned message: \"The gateway is unwell\" (RequestToken: 1, HandlerErrorCode: NotStabilized)", "Said: The gateway is unwell
  \"Attachment\" this one failed
"),
        ("Group", "AWS::AutoScaling::AutoScalingGroup", "Resource handler returned message: \"Group did not stabilize\" (RequestToken: 1, HandlerErrorCode: NotStabilized)", "Said: Group did not stabilize
  \"Group\" this one failed
"),
        ("Logs", "AWS::Logs::LogGroup", "", "Said: AWS gives no reason
  \"Logs\" this one failed
"),
    ];
    for (resource, type_name, reason, expected) in cases {
        let it = diagnosed(TEMPLATE, &fails(resource, type_name, reason));
        expect(&told(TEMPLATE, &it), expected, reason);
        assert!(!it.next.is_empty() && it.what == "could not be created");
    }
}

#[test]
fn launch_configurations_on_a_new_account() {
    let template = with("AWS::EC2::LaunchTemplate", "AWS::AutoScaling::LaunchConfiguration")
        .replace(
            "LaunchTemplate: {LaunchTemplateId: !Ref Launch, Version: !GetAtt Launch.LatestVersionNumber}",
            "LaunchConfigurationName: !Ref Launch",
        )
        .replace("      LaunchTemplateData:\n", "")
        .replace("{Arn: !GetAtt Profile.Arn}", "!Ref Profile");
    let reason = "Resource handler returned message: \"The Launch Configuration creation operation is not available in your account. Use launch templates to create configuration templates for your Auto Scaling groups. (Service: AutoScaling, Status Code: 400, Request ID: 1)\" (RequestToken: 2, HandlerErrorCode: GeneralServiceException)";
    check(&template, &fails("Launch", "AWS::AutoScaling::LaunchConfiguration", reason), "LaunchConfiguration: this account cannot create launch configurations: those opened since October 2024 cannot [ECS701]
  \"AWS::AutoScaling::LaunchConfiguration\" not available in this account
");
}

#[test]
fn a_service_whose_tasks_do_not_come_up() {
    let template = with(
        "  Launch:\n",
        "  Service:\n    Type: AWS::ECS::Service\n    Properties: {Cluster: !Ref Cluster, TaskDefinition: demo, DesiredCount: 1}\n  Launch:\n",
    );
    let reason = "Resource handler returned message: \"Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'.\" (RequestToken: 1, HandlerErrorCode: GeneralServiceException)";
    check(
        &template,
        &fails("Service", "AWS::ECS::Service", reason),
        "Service: the tasks of the service did not come up: the service waits for them [ECS218]
  \"Service\" waits for its tasks
  \"Group\" this brings the instances
",
    );
}

#[test]
fn each_reason_of_a_deletion() {
    let cases = [
        ("Cluster", "AWS::ECS::Cluster", "Resource handler returned message: \"The Cluster cannot be deleted while Container Instances are active or draining. (Service: AmazonECS; Status Code: 400; Error Code: ClusterContainsContainerInstancesException; Request ID: 1; Proxy: null)\" (RequestToken: 1, HandlerErrorCode: GeneralServiceException)", "NotEmpty: instances are still registered in the cluster
  \"Cluster\" has instances
"),
        ("Cluster", "AWS::ECS::Cluster", "Resource handler returned message: \"The Cluster cannot be deleted while Services are active. (Service: AmazonECS; Status Code: 400; Error Code: ClusterContainsServicesException; Request ID: 1; Proxy: null)\" (RequestToken: 1, HandlerErrorCode: GeneralServiceException)", "NotEmpty: services or tasks that are not of this stack run in the cluster
  \"Cluster\" is in use
"),
        ("Subnet", "AWS::EC2::Subnet", "Resource handler returned message: \"The subnet 'subnet-1' has dependencies and cannot be deleted. (Service: Ec2, Status Code: 400, Request ID: 1)\" (RequestToken: 1, HandlerErrorCode: InvalidRequest)", "InUse: something that is not of this stack still uses it: mostly a network interface, an endpoint or a security group of another service
  \"Subnet\" is still in use
"),
        ("Attachment", "AWS::EC2::VPCGatewayAttachment", "Resource handler returned message: \"Network vpc-1 has some mapped public address(es). Please unmap those public address(es) before detaching the gateway. (Service: Ec2, Status Code: 400, Request ID: 1)\" (RequestToken: 1, HandlerErrorCode: GeneralServiceException)", "InUse: something that is not of this stack still uses it: mostly a network interface, an endpoint or a security group of another service
  \"Attachment\" is still in use
"),
        ("Logs", "AWS::S3::Bucket", "The bucket you tried to delete is not empty (Service: Amazon S3; Status Code: 409; Error Code: BucketNotEmpty; Request ID: 1; S3 Extended Request ID: 2; Proxy: null)", "NotEmpty: the bucket is not empty
  \"Logs\" is not empty
"),
        ("Logs", "AWS::ECR::Repository", "Resource handler returned message: \"The repository with name 'demo' in registry with id '1' cannot be deleted because it still contains images\" (RequestToken: 1, HandlerErrorCode: GeneralServiceException)", "NotEmpty: the repository still holds images
  \"Logs\" is not empty
"),
        ("Role", "AWS::IAM::Role", "Resource handler returned message: \"Cannot delete entity, must detach all policies first. (Service: Iam, Status Code: 409, Request ID: 1)\" (RequestToken: 1, HandlerErrorCode: InvalidRequest)", "InUse: something that is not of this stack was attached to it
  \"Role\" is still attached
"),
        ("Logs", "AWS::ECS::CapacityProvider", "Resource handler returned message: \"The specified capacity provider is in use and cannot be removed.\" (RequestToken: 1, HandlerErrorCode: GeneralServiceException)", "InUse: something still uses it
  \"Logs\" is still in use
"),
        ("Logs", "AWS::Logs::LogGroup", "Resource handler returned message: \"User: arn:aws:iam::1:user/dev is not authorized to perform: logs:DeleteLogGroup\" (RequestToken: 1, HandlerErrorCode: AccessDenied)", "Permission: the caller may not do `logs:DeleteLogGroup`
  \"Logs\" needs a right that the caller lacks
"),
    ];
    for (resource, type_name, reason, expected) in cases {
        let evidence = Evidence::of(vec![
            event(0, "demo", "", "DELETE_IN_PROGRESS", "User Initiated"),
            event(1, resource, type_name, "DELETE_IN_PROGRESS", ""),
            event(9, resource, type_name, "DELETE_FAILED", reason),
            event(
                10,
                "demo",
                "",
                "DELETE_FAILED",
                &format!("The following resource(s) failed to delete: [{resource}]."),
            ),
        ]);
        let it = diagnosed(TEMPLATE, &evidence);
        expect(&told(TEMPLATE, &it), expected, reason);
        assert!(!it.next.is_empty() && it.what == "could not be deleted" && it.seconds == Some(8));
    }
}

#[test]
fn the_first_cause_is_that_of_the_nested_stack() {
    let template = with(
        "  Launch:\n",
        "  Network:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: 'https://example.com/a.yml'}\n  Launch:\n",
    );
    let stack = "AWS::CloudFormation::Stack";
    let mut evidence = Evidence::of(vec![
        event(0, "demo", "", "CREATE_IN_PROGRESS", "User Initiated"),
        event(1, "Network", stack, "CREATE_IN_PROGRESS", "Resource creation Initiated"),
        event(
            7,
            "Group",
            "AWS::AutoScaling::AutoScalingGroup",
            "CREATE_FAILED",
            "Resource creation cancelled",
        ),
        event(
            8,
            "Network",
            stack,
            "CREATE_FAILED",
            "Embedded stack arn:nested was not successfully created: The following resource(s) failed to create: [Subnet]. ",
        ),
        event(
            9,
            "demo",
            "",
            "ROLLBACK_IN_PROGRESS",
            "The following resource(s) failed to create: [Group, Network]. Rollback requested by user.",
        ),
        event(
            20,
            "Vpc",
            "AWS::EC2::VPC",
            "DELETE_FAILED",
            "The vpc 'vpc-1' has dependencies and cannot be deleted.",
        ),
    ]);
    // Nobody read the nested events: the outer row is all there is.
    let it = diagnosed(&template, &evidence);
    assert_eq!((it.resource.as_str(), it.kind), ("Network", Kind::Said));
    evidence.nested.insert(
        "arn:nested".to_owned(),
        vec![
            event(2, "nested", "", "CREATE_IN_PROGRESS", ""),
            event(3, "Subnet", "AWS::EC2::Subnet", "CREATE_IN_PROGRESS", ""),
            event(4, "Table", "AWS::EC2::RouteTable", "CREATE_FAILED", "Resource creation cancelled"),
            event(
                5,
                "Subnet",
                "AWS::EC2::Subnet",
                "CREATE_FAILED",
                "The CIDR '10.0.0.0/24' conflicts with another subnet",
            ),
        ],
    );
    let it = diagnosed(&template, &evidence);
    assert_eq!((it.resource.as_str(), it.seconds), ("Network/Subnet", Some(2)));
    assert_eq!(it.cancelled, ["Table", "Group"]);
    // `Subnet` stands in this template too, and is not meant.
    expect(
        &told(&template, &it),
        "Said: The CIDR '10.0.0.0/24' conflicts with another subnet
  \"Network\" failed inside of this nested stack
",
        "nested",
    );
}

#[test]
fn what_failed_later_is_told_too() {
    let mut evidence = fails("Vpc", "AWS::EC2::VPC", "The maximum number of VPCs has been reached.");
    evidence.events.push(event(
        700,
        "Role",
        "AWS::IAM::Role",
        "DELETE_FAILED",
        "Cannot delete entity, must detach all policies first.",
    ));
    evidence.events.push(event(701, "Role", "AWS::IAM::Role", "DELETE_FAILED", "again"));
    let it = diagnosed(TEMPLATE, &evidence);
    assert_eq!(
        it.also,
        [("Role".to_owned(), "Cannot delete entity, must detach all policies first.".to_owned())]
    );
}

#[test]
fn a_stack_that_fails_without_a_resource() {
    let evidence = |reason: &str, resource: &str| {
        Evidence::of(vec![
            event(0, "demo", "", "UPDATE_IN_PROGRESS", "User Initiated"),
            event(1, "Vpc", "AWS::EC2::VPC", "UPDATE_FAILED", resource),
            event(2, "demo", "", "UPDATE_ROLLBACK_IN_PROGRESS", reason),
        ])
    };
    let it = diagnosed(TEMPLATE, &evidence("User Initiated", "Resource update cancelled"));
    assert_eq!(
        (it.resource.as_str(), it.kind, it.what.as_str()),
        ("demo", Kind::Stopped, "could not be updated")
    );
    let it = diagnosed(TEMPLATE, &evidence("No export named shared-vpc found", "Resource update cancelled"));
    assert_eq!((it.kind, it.cause.as_str()), (Kind::Property, "No export named shared-vpc found"));
    let it = diagnosed(TEMPLATE, &evidence("", "Resource update cancelled"));
    assert_eq!((it.resource.as_str(), it.kind), ("Vpc", Kind::Stopped));
    let fine = Evidence::of(vec![event(0, "demo", "", "CREATE_COMPLETE", "")]);
    assert!(diagnose(&fine, None).is_none());
}

#[test]
fn a_change_set_that_is_refused() {
    let refusal = |resource: &str, path: &str, reason: &str| Refusal {
        resource: resource.to_owned(),
        path: path.split('/').filter(|it| !it.is_empty()).map(str::to_owned).collect(),
        reason: reason.to_owned(),
    };
    let list = [
        refusal("Vpc", "/Resources/Vpc/Properties/CidrBlock", "Value is not a CIDR block"),
        refusal(
            "",
            "/Resources/Role/Properties/AssumeRolePolicyDocument/Statement/0/Effect",
            "Unsupported value",
        ),
        refusal("Logs", "", "A log group of this name exists"),
        refusal("Gone", "/Resources/Gone", "is nowhere"),
    ];
    let options = Options::default();
    let outcome = lint::check(TEMPLATE.as_bytes(), &options);
    let checked = Checked { bytes: TEMPLATE.as_bytes(), options: &options, outcome: &outcome };
    let it = refused(&list, Some(&checked)).expect("something is refused");
    expect(
        &told(TEMPLATE, &it),
        "Property: Value is not a CIDR block
  \"10.0.0.0/16\" Value is not a CIDR block
  \"Allow\" Unsupported value
  \"Logs\" A log group of this name exists
",
        "refused",
    );
    assert_eq!((it.resource.as_str(), it.type_name.as_str(), it.also.len()), ("Vpc", "AWS::EC2::VPC", 3));
    assert!(refused(&[], None).is_none());
}
