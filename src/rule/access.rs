//! What rules and verdicts ask about access: ports, keys, ways out, roles and rights, each worked out once.

use std::rc::Rc;

use super::Facts;
use crate::iam::{self, InstanceRole, Role};
use crate::model::{Answer, Because, Egress, Fleet, Listed, Port22};
use crate::network::{self, Groups, Path};
use crate::resolve::{Facet, Scenario, Text};

/// The answers that have been given.
#[derive(Default)]
pub(super) struct Access<'t> {
    groups: Facet<'t, &'t str, Groups<'t>>,
    port_22: Facet<'t, &'t str, Because<Port22>>,
    key: Facet<'t, &'t str, Answer>,
    paths: Facet<'t, &'t str, Vec<Path<'t>>>,
    instance_roles: Facet<'t, &'t str, Vec<InstanceRole<'t>>>,
    roles: Facet<'t, &'t str, Option<Role<'t>>>,
    execution_roles: Facet<'t, (), Roles<'t>>,
    registers: Facet<'t, &'t str, Because<Answer>>,
    logs: Facet<'t, &'t str, Because<Answer>>,
}

/// Some roles of the template, and whether there may be others.
#[derive(Clone, Debug, Default)]
pub struct Roles<'t> {
    /// By logical id.
    pub ids: Vec<&'t str>,
    /// Others are known at deployment only.
    pub unknown: bool,
}

impl<'t> Facts<'_, 't> {
    /// The security groups of a fleet.
    #[must_use]
    pub fn groups(&self, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) -> Rc<Groups<'t>> {
        let groups = || Groups::of(scenario, &self.launch(scenario, fleet));
        self.access.groups.get(scenario, fleet.id(), groups)
    }

    /// Who may reach port 22 of a fleet.
    #[must_use]
    pub fn port_22(&self, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) -> Rc<Because<Port22>> {
        let port_22 = || network::port_22(scenario, &self.groups(scenario, fleet));
        self.access.port_22.get(scenario, fleet.id(), port_22)
    }

    /// Whether the instances of a fleet get a key name.
    #[must_use]
    pub fn key(&self, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) -> Answer {
        let key = || network::key(scenario, &self.launch(scenario, fleet));
        *self.access.key.get(scenario, fleet.id(), key)
    }

    /// The ways out of a fleet, one for each subnet.
    #[must_use]
    pub fn paths(&self, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) -> Rc<Vec<Path<'t>>> {
        let paths = || network::paths(scenario, fleet, &self.launch(scenario, fleet));
        self.access.paths.get(scenario, fleet.id(), paths)
    }

    /// The way out of a fleet as one answer.
    #[must_use]
    pub fn egress(&self, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) -> Because<Egress> {
        network::egress(&self.paths(scenario, fleet))
    }

    /// The roles that the instances of a fleet get, one for each launch source.
    #[must_use]
    pub fn instance_roles(
        &self,
        scenario: &Scenario<'_, 't>,
        fleet: &Fleet<'t>,
    ) -> Rc<Vec<InstanceRole<'t>>> {
        let roles = || iam::instance_roles(scenario, &self.launch(scenario, fleet));
        self.access.instance_roles.get(scenario, fleet.id(), roles)
    }

    /// A role of the template with its rights.
    #[must_use]
    pub fn role(&self, scenario: &Scenario<'_, 't>, id: &'t str) -> Rc<Option<Role<'t>>> {
        let read = || {
            let entry = scenario.template().resource(id)?;
            (entry.type_name() == "AWS::IAM::Role").then(|| Role::of(scenario, entry))
        };
        self.access.roles.get(scenario, id, read)
    }

    /// Whether the instances of a fleet may register with a cluster: the worst of their roles.
    #[must_use]
    pub fn registers(&self, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) -> Rc<Because<Answer>> {
        let registers = || self.worst(scenario, fleet, |given, role| iam::registers(given, role));
        self.access.registers.get(scenario, fleet.id(), registers)
    }

    /// Whether the instances of a fleet, or else the tasks, may write logs.
    #[must_use]
    pub fn logs(&self, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) -> Rc<Because<Answer>> {
        self.access.logs.get(scenario, fleet.id(), || {
            let instances = self.worst(scenario, fleet, |given, role| match (given, role) {
                (InstanceRole::None { source }, _) => {
                    Because::new(Answer::No, "the instances have no instance profile", Some(source))
                }
                (_, Some(role)) => iam::writes_logs(role),
                _ => Because::new(Answer::Unknown, "the role of the instances is not in the template", None),
            });
            if instances.verdict == Answer::Yes {
                return instances;
            }
            let tasks = self.execution_roles(scenario);
            let mut unknown = tasks.unknown;
            for id in &tasks.ids {
                let Some(role) = &*self.role(scenario, id) else { continue };
                let answer = iam::writes_logs(role);
                match answer.verdict {
                    Answer::Yes => return answer,
                    Answer::Unknown => unknown = true,
                    Answer::No => {}
                }
            }
            if unknown && instances.verdict == Answer::No {
                return Because::new(
                    Answer::Unknown,
                    "what the execution role of a task may do is known at deployment only",
                    None,
                );
            }
            instances
        })
    }

    /// Whether Session Manager reaches the instances of a fleet, as far as rights go.
    #[must_use]
    pub fn session_manager(&self, scenario: &Scenario<'_, 't>, fleet: &Fleet<'t>) -> Answer {
        let session = self.worst(scenario, fleet, |given, role| {
            let verdict = match (given, role) {
                (InstanceRole::None { .. }, _) => Answer::No,
                (_, Some(role)) => role.rights.may_all(&iam::SESSION).0.answer,
                _ => Answer::Unknown,
            };
            Because { verdict, because: None, span: None }
        });
        session.verdict
    }

    /// The roles that the agent takes for tasks: those that a task definition names so, and those that tasks may
    /// take and no task definition names as its task role.
    #[must_use]
    pub fn execution_roles(&self, scenario: &Scenario<'_, 't>) -> Rc<Roles<'t>> {
        self.access.execution_roles.get(scenario, (), || {
            let template = scenario.template();
            let mut res = Roles::default();
            let mut of_tasks = Vec::new();
            for task in template.resources_of(&["AWS::ECS::TaskDefinition"]) {
                if scenario.exists(task) == Some(false) {
                    continue;
                }
                let listed = Listed::of(scenario, scenario.property(task, &["ExecutionRoleArn"]), "");
                res.unknown |= listed.unknown;
                for name in &listed.names {
                    match self.own_role(scenario, name) {
                        Some(id) => res.ids.push(id),
                        None => res.unknown = true,
                    }
                }
                let listed = Listed::of(scenario, scenario.property(task, &["TaskRoleArn"]), "");
                of_tasks.extend(listed.names.iter().filter_map(|it| self.own_role(scenario, it)));
            }
            for role in template.resources_of(&["AWS::IAM::Role"]) {
                let free = !res.ids.contains(&role.id) && !of_tasks.contains(&role.id);
                if free
                    && scenario.exists(role) != Some(false)
                    && let Some(role) = &*self.role(scenario, role.id)
                    && iam::trusts(role, "ecs-tasks") == Answer::Yes
                {
                    res.ids.push(role.id);
                }
            }
            res
        })
    }

    fn own_role(&self, scenario: &Scenario<'_, 't>, name: &Text<'t>) -> Option<&'t str> {
        iam::role_of(scenario, name).map(|it| it.id)
    }

    /// The worst answer about the roles of the instances.
    fn worst(
        &self,
        scenario: &Scenario<'_, 't>,
        fleet: &Fleet<'t>,
        ask: impl Fn(InstanceRole<'t>, Option<&Role<'t>>) -> Because<Answer>,
    ) -> Because<Answer> {
        let roles = self.instance_roles(scenario, fleet);
        let answers = roles.iter().map(|given| match given {
            InstanceRole::Own { role, .. } => ask(*given, self.role(scenario, role).as_ref().as_ref()),
            _ => ask(*given, None),
        });
        let worst = answers.reduce(|left, right| if right.verdict > left.verdict { right } else { left });
        worst.unwrap_or(Because { verdict: Answer::Unknown, because: None, span: None })
    }
}
