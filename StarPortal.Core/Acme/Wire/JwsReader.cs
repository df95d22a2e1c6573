namespace StarPortal.Core.Acme;

/// <summary>Reads the body of a request.</summary>
public static class JwsReader
{
    /// <summary>Octets of a body: a hundred identifiers, or a signing request for RSA 8192 with a hundred names, stay well below.</summary>
    public const int MaxLength = 64 * 1024;
}
