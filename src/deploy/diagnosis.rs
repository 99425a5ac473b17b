//! Why a deployment failed.
