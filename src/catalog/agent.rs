//! The settings of the ECS agent: the variables of `/etc/ecs/ecs.config`.
//!
//! Names and kinds are those of the tables "Environment Variables" in the README of `aws/amazon-ecs-agent`
//! (Apache-2.0, as of 2026-06), and of the parser in its `agent/config`.

use crate::text::near as near_words;

/// What the value of a setting is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text of any kind.
    Text,
    /// One of the words that Go's `strconv.ParseBool` knows; the agent falls back to the default for any other.
    Boolean,
    /// JSON. Where `fatal`, the agent does not start when it cannot be read.
    Json {
        /// Whether a mistake stops the agent.
        fatal: bool,
    },
    /// A whole number.
    Number,
    /// A time such as `10m`, as Go writes it.
    Duration,
}

/// A setting by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Such as `ECS_CLUSTER`.
    pub name: &'static str,
    /// What its value is.
    pub kind: Kind,
}

/// The setting of this name; the agent minds upper and lower case.
#[must_use]
pub fn setting(name: &str) -> Option<Setting> {
    SETTINGS.iter().find(|it| it.0 == name).map(|(name, kind)| Setting { name, kind: *kind })
}

/// The settings that a misspelt name may have meant, nearest first, at most three.
#[must_use]
pub fn near(name: &str) -> Vec<&'static str> {
    near_words(name, SETTINGS.iter().map(|it| it.0), 3)
}

/// Whether Go's `strconv.ParseBool` takes a word.
#[must_use]
pub fn is_boolean(word: &str) -> bool {
    let words = ["1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"];
    words.contains(&word)
}

/// In the order of the alphabet.
const SETTINGS: [(&str, Kind); 93] = [
    ("AWS_ACCESS_KEY_ID", Kind::Text),
    ("AWS_DEFAULT_REGION", Kind::Text),
    ("AWS_SECRET_ACCESS_KEY", Kind::Text),
    ("AWS_SESSION_TOKEN", Kind::Text),
    ("CREDENTIALS_FETCHER_HOST", Kind::Text),
    ("CREDENTIALS_FETCHER_SECRET_NAME_FOR_DOMAINLESS_GMSA", Kind::Text),
    ("DOCKER_HOST", Kind::Text),
    ("ECS_AGENT_APPARMOR_PROFILE", Kind::Text),
    ("ECS_AGENT_HEALTHCHECK_HOST", Kind::Text),
    ("ECS_AGENT_LABELS", Kind::Json { fatal: false }),
    ("ECS_ALLOW_OFFHOST_INTROSPECTION_ACCESS", Kind::Boolean),
    ("ECS_ALTERNATE_CREDENTIAL_PROFILE", Kind::Text),
    ("ECS_APPARMOR_CAPABLE", Kind::Boolean),
    ("ECS_AVAILABLE_LOGGING_DRIVERS", Kind::Json { fatal: false }),
    ("ECS_AWSVPC_ADDITIONAL_LOCAL_ROUTES", Kind::Json { fatal: false }),
    ("ECS_AWSVPC_BLOCK_IMDS", Kind::Boolean),
    ("ECS_BACKEND_HOST", Kind::Text),
    ("ECS_CGROUP_CPU_PERIOD", Kind::Duration),
    ("ECS_CGROUP_PATH", Kind::Text),
    ("ECS_CHECKPOINT", Kind::Boolean),
    ("ECS_CLUSTER", Kind::Text),
    ("ECS_CNI_PLUGINS_PATH", Kind::Text),
    ("ECS_CONTAINER_CREATE_TIMEOUT", Kind::Duration),
    ("ECS_CONTAINER_INSTANCE_PROPAGATE_TAGS_FROM", Kind::Text),
    ("ECS_CONTAINER_INSTANCE_TAGS", Kind::Json { fatal: true }),
    ("ECS_CONTAINER_START_TIMEOUT", Kind::Duration),
    ("ECS_CONTAINER_STOP_TIMEOUT", Kind::Duration),
    ("ECS_DATADIR", Kind::Text),
    ("ECS_DISABLE_DOCKER_HEALTH_CHECK", Kind::Boolean),
    ("ECS_DISABLE_IMAGE_CLEANUP", Kind::Boolean),
    ("ECS_DISABLE_METRICS", Kind::Boolean),
    ("ECS_DISABLE_PRIVILEGED", Kind::Boolean),
    ("ECS_DYNAMIC_HOST_PORT_RANGE", Kind::Text),
    ("ECS_EBSTA_SUPPORTED", Kind::Boolean),
    ("ECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE", Kind::Boolean),
    ("ECS_ENABLE_CONTAINER_METADATA", Kind::Boolean),
    ("ECS_ENABLE_CPU_UNBOUNDED_WINDOWS_WORKAROUND", Kind::Boolean),
    ("ECS_ENABLE_GPU_SUPPORT", Kind::Boolean),
    ("ECS_ENABLE_HIGH_DENSITY_ENI", Kind::Boolean),
    ("ECS_ENABLE_INF_SUPPORT", Kind::Boolean),
    ("ECS_ENABLE_MEMORY_UNBOUNDED_WINDOWS_WORKAROUND", Kind::Boolean),
    ("ECS_ENABLE_RUNTIME_STATS", Kind::Boolean),
    ("ECS_ENABLE_SPOT_INSTANCE_DRAINING", Kind::Boolean),
    ("ECS_ENABLE_TASK_CPU_MEM_LIMIT", Kind::Boolean),
    ("ECS_ENABLE_TASK_ENI", Kind::Boolean),
    ("ECS_ENABLE_TASK_IAM_ROLE", Kind::Boolean),
    ("ECS_ENABLE_TASK_IAM_ROLE_NETWORK_HOST", Kind::Boolean),
    ("ECS_ENABLE_UNTRACKED_IMAGE_CLEANUP", Kind::Boolean),
    ("ECS_ENGINE_AUTH_DATA", Kind::Json { fatal: false }),
    ("ECS_ENGINE_AUTH_TYPE", Kind::Text),
    ("ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION", Kind::Duration),
    ("ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION_JITTER", Kind::Duration),
    ("ECS_EXCLUDE_IPV6_PORTBINDING", Kind::Boolean),
    ("ECS_EXCLUDE_UNTRACKED_IMAGE", Kind::Text),
    ("ECS_FSX_WINDOWS_FILE_SERVER_SUPPORTED", Kind::Boolean),
    ("ECS_GMSA_SUPPORTED", Kind::Boolean),
    ("ECS_HOST_DATA_DIR", Kind::Text),
    ("ECS_IMAGE_CLEANUP_INTERVAL", Kind::Duration),
    ("ECS_IMAGE_MINIMUM_CLEANUP_AGE", Kind::Duration),
    ("ECS_IMAGE_PULL_BEHAVIOR", Kind::Text),
    ("ECS_IMAGE_PULL_INACTIVITY_TIMEOUT", Kind::Duration),
    ("ECS_IMAGE_PULL_TIMEOUT", Kind::Duration),
    ("ECS_INSTANCE_ATTRIBUTES", Kind::Json { fatal: true }),
    ("ECS_INSTANCE_IP_COMPATIBILITY", Kind::Text),
    ("ECS_LOGFILE", Kind::Text),
    ("ECS_LOGLEVEL", Kind::Text),
    ("ECS_LOGLEVEL_ON_INSTANCE", Kind::Text),
    ("ECS_LOG_DRIVER", Kind::Text),
    ("ECS_LOG_MAX_FILE_SIZE_MB", Kind::Number),
    ("ECS_LOG_MAX_ROLL_COUNT", Kind::Number),
    ("ECS_LOG_OPTS", Kind::Json { fatal: false }),
    ("ECS_LOG_OUTPUT_FORMAT", Kind::Text),
    ("ECS_LOG_ROLLOVER_TYPE", Kind::Text),
    ("ECS_MANIFEST_PULL_TIMEOUT", Kind::Duration),
    ("ECS_NUM_IMAGES_DELETE_PER_CYCLE", Kind::Number),
    ("ECS_NVIDIA_RUNTIME", Kind::Text),
    ("ECS_OFFHOST_INTROSPECTION_INTERFACE_NAME", Kind::Text),
    ("ECS_POLLING_METRICS_WAIT_DURATION", Kind::Duration),
    ("ECS_POLL_METRICS", Kind::Boolean),
    ("ECS_PULL_DEPENDENT_CONTAINERS_UPFRONT", Kind::Boolean),
    ("ECS_RESERVED_MEMORY", Kind::Number),
    ("ECS_RESERVED_PORTS", Kind::Json { fatal: false }),
    ("ECS_RESERVED_PORTS_UDP", Kind::Json { fatal: false }),
    ("ECS_SELINUX_CAPABLE", Kind::Boolean),
    ("ECS_SHARED_VOLUME_MATCH_FULL_CONFIG", Kind::Boolean),
    ("ECS_SKIP_LOCALHOST_TRAFFIC_FILTER", Kind::Boolean),
    ("ECS_TASK_METADATA_RPS_LIMIT", Kind::Text),
    ("ECS_TASK_PIDS_LIMIT", Kind::Number),
    ("ECS_UPDATES_ENABLED", Kind::Boolean),
    ("ECS_WARM_POOLS_CHECK", Kind::Boolean),
    ("HTTP_PROXY", Kind::Text),
    ("NON_ECS_IMAGE_MINIMUM_CLEANUP_AGE", Kind::Duration),
    ("NO_PROXY", Kind::Text),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_by_name() {
        assert_eq!(setting("ECS_CLUSTER").map(|it| it.kind), Some(Kind::Text));
        assert_eq!(setting("ECS_ENABLE_GPU_SUPPORT").map(|it| it.kind), Some(Kind::Boolean));
        assert_eq!(setting("ECS_INSTANCE_ATTRIBUTES").map(|it| it.kind), Some(Kind::Json { fatal: true }));
        assert_eq!(setting("ecs_cluster"), None);
        assert_eq!(setting("ECS_CLUSTER "), None);
    }

    #[test]
    fn near_misses() {
        assert_eq!(near("ECS_CLUSTR"), ["ECS_CLUSTER"]);
        assert_eq!(near("ECS_CLUSTER_NAME"), [""; 0]);
        assert_eq!(near("ECS_ENABLE_GPU_SUPORT"), ["ECS_ENABLE_GPU_SUPPORT"]);
    }

    #[test]
    fn words_that_are_booleans() {
        assert!(is_boolean("true") && is_boolean("1") && is_boolean("T"));
        assert!(!is_boolean("yes") && !is_boolean("on") && !is_boolean("tRUE") && !is_boolean(""));
    }

    #[test]
    fn the_list_is_sorted() {
        assert!(SETTINGS.is_sorted_by(|left, right| left.0 < right.0));
    }
}
