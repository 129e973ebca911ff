//! Any text as the fields of an entry, so that the fuzzer spends its time behind the frame.

#![no_main]

use std::io::Cursor;

use harcov::capture::{Source, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|fields: &[u8]| {
    let mut har = br#"{"log":{"entries":[{"request":{"method":"GET","url":"u","#.to_vec();
    har.extend_from_slice(fields);
    har.extend_from_slice(b"}]}}");
    let mut given = 0;
    let result = read(Source::reader("fuzz", Cursor::new(har)), &mut |_| (), &mut |entry| {
        given += 1;
        assert!(!entry.request.url.is_empty());
        assert!(!entry.request.method.is_empty());
        for (name, value) in &entry.request.headers {
            assert!(!name.is_empty() && !name.starts_with(':') && !value.contains('\n'));
            assert!(!name.bytes().any(|byte| byte.is_ascii_uppercase()));
        }
        entry.request.body.decode();
        if let Some(response) = entry.response {
            assert!(response.status >= 100);
            response.body.decode();
        }
    });
    if let Ok(capture) = result {
        assert_eq!(given + capture.skipped(), capture.entries);
    }
});
