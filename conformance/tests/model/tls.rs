//! TLS of the model's own requests, and the ways in which whom it trusts can be wrong.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::mutation::Mutation;

/// Agrees on TLS with the server at the address; the name of the error if it does not.
pub async fn connect(
    stream: TcpStream,
    host: &str,
    mutation: Mutation,
) -> Result<TlsStream<TcpStream>, String> {
    let provider = Arc::new(ring::default_provider());
    let verifier = Arc::new(Trust { mutation, provider: Arc::clone(&provider) });
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    let name = ServerName::try_from(host.to_owned()).unwrap();
    let connecting = TlsConnector::from(Arc::new(config)).connect(name, stream).await;
    connecting.map_err(|error| {
        let cause = error.get_ref().and_then(|cause| cause.downcast_ref::<Error>());
        match (cause, mutation) {
            (Some(Error::InvalidCertificate(_)), Mutation::WrongErrorName) => "internal-error",
            (Some(Error::InvalidCertificate(_)), _) => "tls-certificate-error",
            _ => "tls-protocol-error",
        }
        .to_owned()
    })
}

/// Whom the model trusts: nobody, unless it is a mutant.
#[derive(Debug)]
struct Trust {
    mutation: Mutation,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Trust {
    fn verify_server_cert(
        &self,
        server: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        stapled: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        match self.mutation {
            Mutation::TrustAnybody | Mutation::AskBeforeTrust => {
                return Ok(ServerCertVerified::assertion());
            }
            Mutation::TrustSelfSigned if chain.is_empty() => {
                return Ok(ServerCertVerified::assertion());
            }
            _ => {}
        }
        let mut roots = RootCertStore::empty();
        if let (Mutation::TrustSentAuthority, Some(last)) = (self.mutation, chain.last()) {
            roots.add(last.clone().into_owned())?;
        }
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&self.provider))
            .build()
            // It takes no store that is empty.
            .map_err(|_| Error::InvalidCertificate(CertificateError::UnknownIssuer))?
            .verify_server_cert(server, chain, name, stapled, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
