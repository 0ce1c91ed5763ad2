//! Sources as debugging output shows them in WebAssembly: by name. `Source` requires `Debug`, so all that shows a field
//! is linked, 3 kB of the gzipped module, and nothing in the module ever shows one.

use std::fmt;

use super::{
    DefaultSource, FixedSource, FunctionSource, ImpersonationSource, KeyFileSource, MetadataSource, OauthSource,
    ServiceAccountSource, WorkloadIdentitySource,
};
use crate::kubernetes::KubernetesTokenSource;

macro_rules! shown_by_name {
    ($($source:ident),+ $(,)?) => {$(
        impl fmt::Debug for $source {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($source), " { .. }"))
            }
        }
    )+};
}

shown_by_name!(
    DefaultSource,
    FixedSource,
    FunctionSource,
    ImpersonationSource,
    KeyFileSource,
    KubernetesTokenSource,
    MetadataSource,
    OauthSource,
    ServiceAccountSource,
    WorkloadIdentitySource,
);
