//! Sources as debugging output shows them in WebAssembly: by name. `Source` requires `Debug`, so all that shows a field
//! is linked, 3 kB of the gzipped module, and nothing in the module ever shows one.

use super::{
    DefaultSource, FixedSource, FunctionSource, ImpersonationSource, KeyFileSource, MetadataSource, OauthSource,
    ServiceAccountSource, WorkloadIdentitySource,
};

macro_rules! shown_by_name {
    ($($source:ident),+ $(,)?) => {$(
        impl ::std::fmt::Debug for $source {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(concat!(stringify!($source), " { .. }"))
            }
        }
    )+};
}
pub(crate) use shown_by_name;

shown_by_name!(
    DefaultSource,
    FixedSource,
    FunctionSource,
    ImpersonationSource,
    KeyFileSource,
    MetadataSource,
    OauthSource,
    ServiceAccountSource,
    WorkloadIdentitySource,
);
