//! Names of parameters.
