//! HTTP/1.1 (RFC 9112) as bytes, for hosts that have connections and no client that they would want to load for one
//! request: what to send, and an answer read from whatever comes, in pieces of any size.
//!
//! One request per connection. No redirect, no content coding, no cookie; header names and values stay as they came.

mod body;
mod chunks;
mod error;
mod head;
mod reader;
mod request;
mod target;

pub use error::Error;
pub use reader::ResponseReader;
pub use request::{connect_bytes, request_bytes};
pub use target::Target;
