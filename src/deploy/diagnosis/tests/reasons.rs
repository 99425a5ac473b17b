//! Resources that fail on their own, and stacks around them.

use serde_json::json;

use super::*;

#[test]
fn each_reason() {
    let cases = [
        ("Role", "AWS::IAM::Role", "Resource handler returned message: \"Resource of type 'AWS::IAM::Role' with identifier 'demo-role' already exists.\" (RequestToken: 1, HandlerErrorCode: AlreadyExists)", ""),
    ];
    for (resource, type_name, reason, expected) in cases {
        let it = diagnosed(TEMPLATE, &fails(resource, type_name, reason));
        assert_eq!(told(TEMPLATE, &it), expected, "{reason}");
        assert!(!it.next.is_empty());
    }
}
