//! Maps whose keys have several parts, as JSON objects: each key is written as one text.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A key that can be written as one text and read back as it was.
pub trait Keyed: Ord + Sized {
    /// The key as a text.
    fn to_text(&self) -> String;

    /// The key that is written like this, if one is.
    fn of_text(text: &str) -> Option<Self>;
}

/// Writes a map as an object.
pub fn serialize<K: Keyed, V: Serialize, S: Serializer>(
    map: &BTreeMap<K, V>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(map.iter().map(|(key, value)| (key.to_text(), value)))
}

/// Reads an object back; a key that stands twice is an error.
pub fn deserialize<'de, K: Keyed, V: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<K, V>, D::Error> {
    struct Keys<K, V>(PhantomData<(K, V)>);
    impl<'de, K: Keyed, V: Deserialize<'de>> Visitor<'de> for Keys<K, V> {
        type Value = BTreeMap<K, V>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
            let mut map = BTreeMap::new();
            while let Some(text) = access.next_key::<String>()? {
                let key = K::of_text(&text)
                    .ok_or_else(|| A::Error::custom(format!("`{text}` is no such key")))?;
                if map.insert(key, access.next_value()?).is_some() {
                    return Err(A::Error::custom(format!("`{text}` stands twice")));
                }
            }
            Ok(map)
        }
    }
    deserializer.deserialize_map(Keys(PhantomData))
}
