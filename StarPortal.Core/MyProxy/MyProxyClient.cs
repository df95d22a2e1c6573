namespace StarPortal.Core.MyProxy;

/// <summary>Who is at the other end of a connection.</summary>
/// <param name="Subject">Subject of the end-entity certificate under the client's proxies, in OpenSSL's one-line form; null: anonymous.</param>
/// <param name="IsLimited">Whether a limited proxy is anywhere in the client's chain.</param>
/// <param name="Address">The network address, in text form.</param>
public sealed record MyProxyClient(string? Subject, bool IsLimited, string? Address)
{
    /// <summary>What answers and policies call the client.</summary>
    public string Name => Subject ?? "<anonymous>";
}
