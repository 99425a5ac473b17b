//! What rules and verdicts ask about access: ports, keys, ways out, roles and rights, each worked out once.

use std::rc::Rc;

use super::Facts;
use crate::iam::{self, InstanceRole, Part, Played, Role};
use crate::model::{Answer, Because, Egress, Fleet, Port22};
use crate::network::{self, Groups, Path};
use crate::resolve::{Facet, Scenario};

/// The answers that have been given.
#[derive(Default)]
pub(super) struct Access<'t> {
    groups: Facet<'t, &'t str, Groups<'t>>,
    port_22: Facet<'t, &'t str, Because<Port22>>,
    key: Facet<'t, &'t str, Answer>,
    paths: Facet<'t, &'t str, Vec<Path<'t>>>,
    instance_roles: Facet<'t, &'t str, Vec<InstanceRole<'t>>>,
    roles: Facet<'t, &'t str, Option<Role<'t>>>,
    played: Facet<'t, (), Vec<Played<'t>>>,
    execution_roles: Facet<'t, (), Roles<'t>>,
    rights: Facet<'t, (&'t str, &'static [&'static str]), Because<Answer>>,
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
            let mut res = Roles::default();
            let mut of_tasks = Vec::new();
            for it in self.played(scenario).iter() {
                match (it.part, it.role) {
                    (Part::Execution, Some(id)) => res.ids.push(id),
                    (Part::Execution, None) => res.unknown = true,
                    (Part::Task, Some(id)) => of_tasks.push(id),
                    _ => {}
                }
            }
            for role in scenario.template().resources_of(&["AWS::IAM::Role"]) {
                let free = !res.ids.contains(&role.id) && !of_tasks.contains(&role.id);
                if free
                    && scenario.exists(role) != Some(false)
                    && let Some(role) = &*self.role(scenario, role.id)
                    && iam::trusts(role, Part::Execution.service()) == Answer::Yes
                {
                    res.ids.push(role.id);
                }
            }
            res
        })
    }

    /// The roles that tasks, services and scalable targets name.
    #[must_use]
    pub fn played(&self, scenario: &Scenario<'_, 't>) -> Rc<Vec<Played<'t>>> {
        self.access.played.get(scenario, (), || iam::played(scenario))
    }

    /// Whether a task on the instances of the template is allowed all of `actions`, which are to `what`: by its
    /// execution role, or by the role of the instances. Not allowed is what no role allows that it could have.
    #[must_use]
    pub fn task_may(
        &self,
        scenario: &Scenario<'_, 't>,
        task: &str,
        actions: &'static [&'static str],
        what: &str,
    ) -> Because<Answer> {
        let unknown = || Because { verdict: Answer::Unknown, because: None, span: None };
        let ask = |id: Option<&'t str>| {
            let Some(id) = id else { return unknown() };
            let may = self.access.rights.get(scenario, (id, actions), || {
                let role = self.role(scenario, id);
                role.as_ref().as_ref().map_or_else(unknown, |it| iam::may(it, actions, what))
            });
            Because::clone(&may)
        };
        let played = self.played(scenario);
        let own = played.iter().filter(|it| it.part == Part::Execution && it.by.id == task);
        let mut answers: Vec<_> = own.map(|it| ask(it.role)).collect();
        let mut on_fleets = Vec::new();
        for fleet in &self.model.fleets {
            let there = scenario.exists(&fleet.resource) != Some(false);
            match self.meant_for_cluster(scenario, fleet) {
                Answer::Yes if there => {
                    on_fleets.extend(self.instance_roles(scenario, fleet).iter().map(|given| match given {
                        InstanceRole::Own { role, .. } => ask(Some(role)),
                        _ => unknown(),
                    }));
                }
                Answer::Unknown if there => on_fleets.push(unknown()),
                _ => {}
            }
        }
        if on_fleets.is_empty() {
            return unknown();
        }
        answers.extend(on_fleets);
        let best =
            answers.into_iter().reduce(|left, right| if right.verdict < left.verdict { right } else { left });
        best.unwrap_or_else(unknown)
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
