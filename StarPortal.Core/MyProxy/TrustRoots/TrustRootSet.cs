namespace StarPortal.Core.MyProxy;

/// <summary>A file of a Globus trust directory: <c>hash.0</c>, <c>hash.signing_policy</c> or <c>hash.r0</c>.</summary>
public sealed record TrustRootFile(string Name, byte[] Content);

/// <summary>The CAs that are trusted now.</summary>
/// <param name="Files">What clients get, ordered by name.</param>
/// <param name="Authorities">CA certificates, DER: roots and the CAs below them.</param>
/// <param name="RevocationLists">Their CRLs, DER.</param>
/// <param name="Version">Another value whenever the content is another.</param>
public sealed record TrustRootSet(IReadOnlyList<TrustRootFile> Files, IReadOnlyList<byte[]> Authorities, IReadOnlyList<byte[]> RevocationLists, string Version);
