namespace StarPortal.Core.MyProxy;

/// <summary>Certificates on the wire: a count byte, then DER after DER. The C client wants nothing else in that message.</summary>
internal static class ChainWriter
{
    public static byte[] Write(IReadOnlyList<byte[]> chain) => [(byte)chain.Count, .. chain.SelectMany(certificate => certificate)];
}
