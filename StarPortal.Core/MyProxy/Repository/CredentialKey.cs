using System.Security.Cryptography;
using System.Text;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>Which credential: the one of this name of this user name. The empty name is the one that clients get who name none.</summary>
public sealed record CredentialKey(string UserName, string CredentialName)
{
    /// <summary>User names are names, mail addresses and whole subjects.</summary>
    public const int MaxUserName = 2_000;

    public const int MaxCredentialName = 200;

    /// <summary>User names are told apart octet by octet, and may be longer than what a database can index: what it indexes is this, SHA-256 in hex.</summary>
    internal string UserHash => HashOf(UserName);

    /// <summary>As above, of both names.</summary>
    internal string Hash => HashOf($"{UserName}\0{CredentialName}");

    /// <exception cref="ServiceException">Invalid: there can't be such a credential.</exception>
    internal static CredentialKey Of(MyProxyRequest request) => Parse(request.UserName, request.CredentialName);

    /// <exception cref="ServiceException">As above.</exception>
    internal static CredentialKey Parse(string userName, string credentialName)
    {
        if (userName.Length == 0) throw MyProxyErrors.BadUserName();
        TextRules.Require(userName, "username", MaxUserName);
        TextRules.Require(credentialName, "credential name", MaxCredentialName);
        // INFO lists names with commas between.
        return credentialName.Contains(',') ? throw MyProxyErrors.BadCredentialName() : new CredentialKey(userName, credentialName);
    }

    internal static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
