//! What starts instances.

use super::FleetKind;
use crate::template::Entry;

/// A set of instances that one resource starts.
#[derive(Clone, Copy, Debug)]
pub struct Fleet<'t> {
    /// The resource.
    pub resource: Entry<'t>,
    /// What kind it is.
    pub kind: FleetKind,
}

impl<'t> Fleet<'t> {
    /// The fleet that a resource is, if it is one.
    #[must_use]
    pub fn of(resource: &Entry<'t>) -> Option<Fleet<'t>> {
        let kind = match resource.type_name() {
            "AWS::AutoScaling::AutoScalingGroup" => FleetKind::AutoScalingGroup,
            "AWS::EC2::Instance" => FleetKind::Instance,
            "AWS::EC2::SpotFleet" => FleetKind::SpotFleet,
            "AWS::EC2::EC2Fleet" => FleetKind::Ec2Fleet,
            _ => return None,
        };
        Some(Fleet { resource: *resource, kind })
    }

    /// Its logical id.
    #[must_use]
    pub fn id(&self) -> &'t str {
        self.resource.id
    }
}
