//! How much of one capture is kept at most.

/// How much of one capture is kept, which bounds memory whatever the capture holds. What is beyond is
/// counted in [`Capture::left_out`](crate::capture::Capture::left_out).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Distinct calls: method, host and path, paths whose values have equal shapes being one.
    pub calls: usize,
    /// Distinct names of parameters of one call, and as many of fields.
    pub names: usize,
    /// Distinct values of requests that are followed back to responses, but those of times and
    /// signatures, and twice as many fields of responses that hold a value.
    pub values: usize,
    /// Distinct requests whose repetition is noticed, and twice as many that repeat them; a sixth as
    /// many of one, but 100 at least.
    pub repeats: usize,
    /// Roles: sets of fields sent with the constants in them, of all calls.
    pub roles: usize,
    /// Requests that took long, which may be long polls.
    pub waits: usize,
    /// States of things that responses show, and as many calls before changes of states.
    pub states: usize,
}

impl Limits {
    /// The most that can be asked for.
    pub const MOST: Limits = Limits {
        calls: 1 << 20,
        names: 2_000,
        values: 1 << 28,
        repeats: 1 << 28,
        roles: 1 << 24,
        waits: 1 << 28,
        states: 1 << 28,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            calls: 20_000,
            names: 2_000,
            // As many as a hash table of 2^18 places has room for.
            values: (1 << 18) / 8 * 7,
            repeats: (1 << 16) / 8 * 7,
            roles: 1 << 15,
            waits: 1 << 16,
            states: 1 << 16,
        }
    }
}
