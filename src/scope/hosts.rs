//! Which hosts are the API's: found from the traffic where nobody said it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::gate::Filter;
use super::location::shown_host;
use super::noise::{Noise, Tracker};
use super::skip::Skip;

/// What is known of one host's traffic, noise apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HostUse {
    /// The host, with its port if it has one.
    pub host: String,
    /// Requests.
    pub requests: usize,
    /// Distinct endpoints, as far as paths tell, that sent or answered data.
    pub endpoints: usize,
    /// Requests sent by pages of the same site.
    pub first_party: usize,
    /// Requests of which the page is known.
    pub with_page: usize,
}

/// A host whose endpoints are fewer than this share of the main host's is not the API's, unless it
/// is of the same site.
const MIN_SHARE: f64 = 0.25;
/// The same in endpoints: one alone may be anybody's.
const MIN_ENDPOINTS: usize = 2;

/// For each host why its requests do not count, or `None` if they do; in the order given.
///
/// Hosts said in the filter count, and no others. Without any, the main host is the largest one of
/// the site whose hosts together have most distinct endpoints that sent or answered data, those of
/// the pages' own site weighing three times, trackers only if there is nothing else; a chatty
/// collector has one or two endpoints however many requests. With it count the hosts of its site,
/// those that pages of its site call on their own site, and those with at least two endpoints and
/// a quarter as many as it has.
pub fn choose_hosts(hosts: &[HostUse], filter: &Filter) -> Vec<Option<Skip>> {
    if !filter.hosts.is_empty() {
        return hosts
            .iter()
            .map(|host| (!is_named(&host.host, &filter.hosts)).then_some(Skip::OtherHost))
            .collect();
    }
    let noise = Noise::built_in();
    let trackers: Vec<Tracker> = hosts
        .iter()
        .map(|host| noise.tracker(without_port(&host.host)))
        .collect();
    let sites = by_site(hosts, &trackers);
    let rank = |i: usize| {
        let host = &hosts[i];
        let site = site(&host.host);
        (
            Reverse(trackers[i]),
            sites[&(trackers[i], site)],
            Reverse(site),
            weighed(host),
            host.requests,
            Reverse(host.host.as_str()),
        )
    };
    let Some(main) = (0..hosts.len()).max_by_key(|i| rank(*i)) else {
        return Vec::new();
    };
    let main_site = site(&hosts[main].host);
    (0..hosts.len())
        .map(|i| {
            let host = &hosts[i];
            if i == main {
                return None;
            }
            if trackers[i] > trackers[main] {
                return Some(Skip::Analytics);
            }
            #[expect(clippy::cast_precision_loss, reason = "counts of endpoints are small")]
            let large = host.endpoints >= MIN_ENDPOINTS
                && host.endpoints as f64 >= MIN_SHARE * hosts[main].endpoints as f64;
            let counts = host.endpoints > 0
                && (site(&host.host) == main_site || host.first_party > 0 || large);
            (!counts).then_some(Skip::OtherHost)
        })
        .collect()
}

/// The endpoints of a host, as they weigh.
fn weighed(host: &HostUse) -> usize {
    let weight = if host.first_party > 0 { 3 } else { 1 };
    host.endpoints * weight
}

/// The endpoints, as they weigh, and the requests of each site's hosts; trackers are apart.
fn by_site<'h>(
    hosts: &'h [HostUse],
    trackers: &[Tracker],
) -> BTreeMap<(Tracker, &'h str), (usize, usize)> {
    let mut sites = BTreeMap::new();
    for (host, tracker) in hosts.iter().zip(trackers) {
        let sum: &mut (usize, usize) = sites.entry((*tracker, site(&host.host))).or_default();
        sum.0 += weighed(host);
        sum.1 += host.requests;
    }
    sites
}

/// Whether a host is one of the patterns; a pattern without a port takes any.
fn is_named(host: &str, patterns: &[String]) -> bool {
    let bare = without_port(host);
    patterns.iter().any(|pattern| {
        let host = if pattern.contains(':') { host } else { bare };
        match pattern.strip_prefix("*.") {
            Some(parent) => host
                .strip_suffix(parent)
                .is_some_and(|sub| sub.is_empty() || sub.ends_with('.')),
            None => host == pattern || host == shown_pattern(pattern),
        }
    })
}

/// A pattern as hosts are shown.
fn shown_pattern(pattern: &str) -> String {
    let bare = without_port(pattern);
    format!("{}{}", shown_host(bare), &pattern[bare.len()..])
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((bare, port)) if port.bytes().all(|b| b.is_ascii_digit()) => bare,
        _ => host,
    }
}

/// Second labels under which names are registered, where the first is a country (`co.uk`, `com.cn`).
const SECOND_LEVEL: [&str; 9] = ["co", "com", "org", "net", "gov", "edu", "ac", "ne", "or"];

/// The part of a host that is registered by one owner, as well as labels alone can tell; an
/// address or a name of one label is its own site.
pub(super) fn site(host: &str) -> &str {
    let host = without_port(host);
    if host.starts_with('[') || host.split('.').all(|label| label.parse::<u8>().is_ok()) {
        return host;
    }
    let mut labels = host.rsplit('.');
    let country = labels.next().is_some_and(|last| last.len() == 2);
    let second = labels
        .next()
        .is_some_and(|name| SECOND_LEVEL.contains(&name));
    let keep = if country && second { 3 } else { 2 };
    let before = host.rmatch_indices('.').nth(keep - 1);
    before.map_or(host, |(dot, _)| &host[dot + 1..])
}

/// Whether two hosts are of one site.
pub(crate) fn same_site(a: &str, b: &str) -> bool {
    a == b || site(a) == site(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(name: &str, requests: usize, endpoints: usize, first_party: usize) -> HostUse {
        HostUse {
            host: name.to_owned(),
            requests,
            endpoints,
            first_party,
            with_page: first_party,
        }
    }

    #[test]
    fn the_chattiest_host_does_not_win() {
        let hosts = [
            host("api2.amplitude.com", 500, 1, 0),
            host("api.shop.example", 30, 12, 30),
            host("collect.unknown.test", 900, 2, 0),
            host("auth.shop.example", 2, 1, 2),
        ];
        assert_eq!(
            choose_hosts(&hosts, &Filter::default()),
            [Some(Skip::Analytics), None, Some(Skip::Analytics), None]
        );
    }

    #[test]
    fn hosts_of_one_site_count_together() {
        let hosts = [
            host("api.pay.test", 4, 1, 0),
            host("www.travel.example", 4, 1, 0),
            host("api.travel.example", 4, 1, 0),
            host("eu.api.travel.example", 4, 1, 0),
            host("metrics.travel.example", 90, 9, 0),
        ];
        assert_eq!(
            choose_hosts(&hosts, &Filter::default()),
            [
                Some(Skip::OtherHost),
                None,
                None,
                None,
                Some(Skip::Analytics)
            ]
        );
        // Another owner's host still has to be a quarter of the main one.
        let hosts = [
            host("catalog.travel.example", 12, 2, 0),
            host("booking.travel.example", 12, 2, 0),
            host("user.travel.example", 6, 1, 0),
            host("api.pay.test", 4, 4, 0),
        ];
        assert_eq!(choose_hosts(&hosts, &Filter::default()), [None; 4]);
    }

    #[test]
    fn a_tracker_counts_where_nothing_else_does() {
        let hosts = [host("metrics.example.org", 5, 3, 0)];
        assert_eq!(choose_hosts(&hosts, &Filter::default()), [None]);
    }

    #[test]
    fn hosts_said_by_hand_are_the_only_ones() {
        let filter = Filter {
            hosts: vec!["*.example.cn".to_owned(), "localhost:8080".to_owned()],
            ..Filter::default()
        };
        let hosts = [
            host("ct.example.cn", 1, 1, 0),
            host("localhost:8080", 1, 1, 0),
            host("localhost:9090", 9, 9, 0),
            host("badexample.cn", 9, 9, 0),
        ];
        assert_eq!(
            choose_hosts(&hosts, &filter),
            [None, None, Some(Skip::OtherHost), Some(Skip::OtherHost)]
        );
    }

    #[test]
    fn sites_are_what_one_owner_registers() {
        assert_eq!(site("a.b.example.com"), "example.com");
        assert_eq!(site("a.example.co.uk"), "example.co.uk");
        assert_eq!(site("127.0.0.1:80"), "127.0.0.1");
        assert_eq!(site("localhost"), "localhost");
    }
}
