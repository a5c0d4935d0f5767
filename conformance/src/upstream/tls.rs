//! TLS of upstream servers, with certificates that are made when they are needed and that nobody trusts.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::case::Certificate;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What a server needs to speak TLS with a certificate like this. It is for the right
/// address and of today, so that nothing but its signature is wrong.
///
/// # Errors
/// If the system gives no randomness for the keys.
pub fn config(certificate: Certificate) -> Result<Arc<ServerConfig>> {
    let key = KeyPair::generate()?;
    let chain = chain(certificate, &key).context("no certificate can be made")?;
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    Ok(Arc::new(config))
}

/// The server's certificate, and that of who signed it.
fn chain(certificate: Certificate, key: &KeyPair) -> Result<Vec<CertificateDer<'static>>> {
    let mut server = named("127.0.0.1", vec!["127.0.0.1".to_owned()])?;
    server.extended_key_usages.push(ExtendedKeyUsagePurpose::ServerAuth);
    match certificate {
        Certificate::SelfSigned => Ok(vec![server.self_signed(key)?.der().clone()]),
        Certificate::UnknownAuthority => {
            let mut authority = named("an authority of the suite", Vec::new())?;
            authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            authority.key_usages.push(KeyUsagePurpose::KeyCertSign);
            let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate()?)?;
            Ok(vec![server.signed_by(key, &authority)?.der().clone(), authority.der().clone()])
        }
    }
}

/// A certificate's beginnings: whose it is, for which addresses, and that it holds today.
fn named(name: &str, addresses: Vec<String>) -> Result<CertificateParams> {
    let mut parameters = CertificateParams::new(addresses)?;
    parameters.distinguished_name.push(DnType::CommonName, name);
    let now = SystemTime::now();
    parameters.not_before = (now - DAY).into();
    parameters.not_after = (now + DAY).into();
    Ok(parameters)
}
