//! Is a fleet meant for a cluster?

use super::Facts;
use crate::iam::InstanceRole;
use crate::model::{Answer, Fleet};
use crate::resolve::Scenario;
use crate::template::{Entry, Template};

/// Words in user data or metadata that speak of the agent.
const OF_THE_AGENT: [&str; 6] =
    ["ECS_CLUSTER", "/etc/ecs", "ecs.config", "Initialize-ECSAgent", "settings.ecs", "amazon-ecs-agent"];

/// Words in a role that let an instance register.
const OF_THE_ROLE: [&str; 3] =
    ["AmazonEC2ContainerServiceforEC2Role", "ecs:RegisterContainerInstance", "ecs:*"];

/// Whether the template has or names a cluster and ties this fleet to it: by user data, image, role, or a capacity
/// provider. A bastion is not.
pub(super) fn meant_for_cluster<'t>(
    facts: &Facts<'_, 't>,
    scenario: &Scenario<'_, 't>,
    fleet: &Fleet<'t>,
    roles: &[InstanceRole<'t>],
) -> Answer {
    let (launch, boots) = (facts.launch(scenario, fleet), facts.boots(scenario, fleet));
    let says = |text: &str, words: &[&str]| words.iter().any(|it| text.contains(it));
    for (boot, _) in boots.iter() {
        let in_text = boot.text.as_ref().is_some_and(|it| says(it.as_str(), &OF_THE_AGENT));
        let in_files = boot.files.values().flat_map(|it| &it.chunks);
        let in_files = in_files.map(|it| it.text.as_str()).any(|it| says(it, &OF_THE_AGENT));
        if in_text || in_files {
            return Answer::Yes;
        }
    }
    let of_image = boots.iter().any(|(_, image)| image.ecs == Answer::Yes);
    // A role or an image alone ties the fleet to a cluster only where there is one.
    if !scenario.template().types().any(|it| it.starts_with("AWS::ECS::")) {
        return Answer::No;
    }
    // A bastion may well share the role; its image has no agent.
    let without_agent = !boots.is_empty() && boots.iter().all(|(_, image)| image.ecs == Answer::No);
    let template = scenario.template();
    let by_role = !without_agent && roles.iter().any(|it| lets_register(template, it));
    if of_image || facts.is_provided(fleet.id()) || by_role {
        return Answer::Yes;
    }
    let open = launch.unknown || launch.sources.is_empty() || boots.iter().any(|(boot, _)| boot.anything);
    if open { Answer::Unknown } else { Answer::No }
}

/// Whether a role of the instances speaks of registering.
fn lets_register(template: &Template<'_>, given: &InstanceRole<'_>) -> bool {
    let InstanceRole::Own { role, .. } = given else { return false };
    template
        .resource(role)
        .and_then(Entry::properties)
        .is_some_and(|it| it.descendants().any(|it| OF_THE_ROLE.iter().any(|word| it.text().contains(word))))
}
