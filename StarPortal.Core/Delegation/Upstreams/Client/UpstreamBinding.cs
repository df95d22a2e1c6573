using StarPortal.Core.Acme;

namespace StarPortal.Core.Delegation;

/// <summary>External account binding (RFC 8555 7.3.4): what a CA gave its customer.</summary>
public sealed record UpstreamBinding(string KeyId, byte[] MacKey)
{
    /// <param name="macKey">base64url, as CAs show it.</param>
    /// <returns>Null: not base64url.</returns>
    public static UpstreamBinding? TryParse(string keyId, string macKey) =>
        StrictBase64Url.TryDecode(System.Text.Encoding.UTF8.GetBytes(macKey.Trim().TrimEnd('=')), out var key) && key.Length > 0 ? new(keyId.Trim(), key) : null;

    /// <summary>The id alone: the key is a secret.</summary>
    public override string ToString() => KeyId;
}
