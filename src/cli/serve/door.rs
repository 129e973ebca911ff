//! Who may come in: requests from this machine's own browser that know the secret in the address.

use std::fmt::Write as _;
use std::net::SocketAddr;

use crate::cli::Failure;

use super::http::Refusal;

/// Decides about requests by their heads.
pub(super) struct Door {
    port: u16,
    token: String,
}

/// The head of a request, as far as it matters.
pub(super) struct Head<'a> {
    pub(super) host: Option<&'a str>,
    pub(super) origin: Option<&'a str>,
    /// What a browser says of where a request comes from.
    pub(super) site: Option<&'a str>,
    pub(super) changes: bool,
    pub(super) url: &'a str,
}

impl Door {
    pub(super) fn new(address: SocketAddr) -> Result<Self, Failure> {
        let mut bytes = [0_u8; 16];
        getrandom::fill(&mut bytes).map_err(|error| {
            Failure::new(format!("the system gives no random numbers: {error}"))
        })?;
        let mut token = String::new();
        for byte in bytes {
            // Writing to a string cannot fail.
            let _ = write!(token, "{byte:02x}");
        }
        Ok(Door {
            port: address.port(),
            token,
        })
    }

    /// The address of the report.
    pub(super) fn address(&self) -> String {
        format!("http://127.0.0.1:{}/{}/", self.port, self.token)
    }

    /// The rest of the path behind the secret, if the request may come in.
    pub(super) fn admit<'a>(&self, head: &Head<'a>) -> Result<&'a str, Refusal> {
        // A page elsewhere may make a browser resolve its own name to this machine.
        if !head.host.is_some_and(|host| self.is_own(host)) {
            return Err((421, "this server answers to 127.0.0.1 only"));
        }
        let own_origin = |origin: &str| {
            origin
                .strip_prefix("http://")
                .is_some_and(|host| self.is_own(host))
        };
        let foreign = head.origin.is_some_and(|origin| !own_origin(origin))
            || head.changes && head.origin.is_none()
            || head
                .site
                .is_some_and(|site| !matches!(site, "same-origin" | "none"));
        if foreign {
            return Err((403, "this server answers its own page only"));
        }
        let path = head.url.split(['?', '#']).next().unwrap_or_default();
        let rest = path.strip_prefix('/').unwrap_or(path);
        let (token, rest) = rest.split_once('/').unwrap_or((rest, ""));
        if !same(token, &self.token) {
            return Err((
                404,
                "not here; the whole address is the one that harcov printed",
            ));
        }
        Ok(rest)
    }

    fn is_own(&self, host: &str) -> bool {
        let own = ["127.0.0.1", "localhost"];
        own.iter()
            .any(|name| *host == format!("{name}:{}", self.port))
    }
}

/// Compares without telling by its time how much was right.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len()
        && a.bytes()
            .zip(b.bytes())
            .fold(0, |sum, (a, b)| sum | (a ^ b))
            == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn door() -> Door {
        Door {
            port: 4711,
            token: "secret".to_owned(),
        }
    }

    fn head(url: &str) -> Head<'_> {
        Head {
            host: Some("127.0.0.1:4711"),
            origin: None,
            site: None,
            changes: false,
            url,
        }
    }

    #[test]
    fn the_whole_address_lets_in() {
        assert_eq!(door().admit(&head("/secret/")), Ok(""));
        assert_eq!(door().admit(&head("/secret/version?x")), Ok("version"));
        for url in [
            "/",
            "/secre/",
            "/secrets/",
            "",
            "/../secret/",
            "//secret/",
            "http://127.0.0.1:4711/secret/",
        ] {
            assert!(door().admit(&head(url)).is_err(), "{url}");
        }
    }

    #[test]
    fn other_names_of_this_machine_do_not() {
        let hosts = [
            None,
            Some("evil.example:4711"),
            Some("127.0.0.1"),
            Some("127.0.0.1:80"),
            Some("127.0.0.1:4711.evil.example"),
        ];
        for host in hosts {
            assert!(
                door()
                    .admit(&Head {
                        host,
                        ..head("/secret/")
                    })
                    .is_err(),
                "{host:?}"
            );
        }
        assert!(
            door()
                .admit(&Head {
                    host: Some("localhost:4711"),
                    ..head("/secret/")
                })
                .is_ok()
        );
    }

    #[test]
    fn other_pages_do_not() {
        for origin in [
            "https://evil.example",
            "null",
            "http://127.0.0.1:80",
            "https://127.0.0.1:4711",
        ] {
            assert!(
                door()
                    .admit(&Head {
                        origin: Some(origin),
                        ..head("/secret/")
                    })
                    .is_err(),
                "{origin}"
            );
        }
        assert!(
            door()
                .admit(&Head {
                    site: Some("cross-site"),
                    ..head("/secret/")
                })
                .is_err()
        );
        // A form elsewhere sends no capture: what changes something says where it comes from.
        assert!(
            door()
                .admit(&Head {
                    changes: true,
                    ..head("/secret/report")
                })
                .is_err()
        );
        let own = Some("http://127.0.0.1:4711");
        assert!(
            door()
                .admit(&Head {
                    changes: true,
                    origin: own,
                    ..head("/secret/report")
                })
                .is_ok()
        );
    }
}
