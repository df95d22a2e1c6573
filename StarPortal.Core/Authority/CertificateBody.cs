namespace StarPortal.Core.Authority;

/// <summary>
/// What the certificates of one key and one set of names have in common, checked once: to issue the next of them takes a serial number, two dates
/// and a signature. Kept by whoever renews; <see cref="CertificateBodies.IsCurrent"/> says whether it is still what the authority would make.
/// </summary>
/// <param name="Issuer">Which CA signs.</param>
/// <param name="Encoded">The end of a TBSCertificate: subject, key and extensions, DER.</param>
/// <param name="MadeBy">Changes with the CA's certificate and with what the profile says.</param>
public sealed record CertificateBody(string Issuer, byte[] Encoded, string MadeBy);
