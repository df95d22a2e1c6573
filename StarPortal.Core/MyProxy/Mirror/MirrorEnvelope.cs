using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>A content in its envelope, which only the other portal opens, and only for the name and digest that it says.</summary>
internal static class MirrorEnvelope
{
    public static MirrorEntryJson Seal(MirrorSecret secret, string source, string name, byte[] content)
    {
        var digest = secret.DigestOf(content);
        return new MirrorEntryJson(name, digest, secret.Seal(PurposeOf(source, name, digest), content));
    }

    /// <exception cref="ServiceException">Invalid: not what it says.</exception>
    public static MirrorContent Open(MirrorSecret secret, string source, MirrorEntryJson entry)
    {
        var bytes = secret.TryOpen(PurposeOf(source, entry.Name, entry.Digest), entry.Sealed) ?? throw MyProxyErrors.BadCopy("its envelope does not open.");
        if (secret.DigestOf(bytes) != entry.Digest) throw MyProxyErrors.BadCopy("it has another content than it says.");
        var content = MirrorContent.Read(bytes);
        return new CredentialKey(content.UserName, content.CredentialName).Hash == entry.Name ? content : throw MyProxyErrors.BadCopy("it is of another name than it says.");
    }

    private static string PurposeOf(string source, string name, string digest) => $"{source}\n{name}\n{digest}";
}
