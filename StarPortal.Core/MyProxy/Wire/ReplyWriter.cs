using System.Text;

namespace StarPortal.Core.MyProxy;

/// <summary>
/// What the server says, ready to be sent as one message. Every reply ends in NUL: the C client splits a reply from a binary message that follows only there,
/// and the Java clients read lines until there.
/// </summary>
internal static class ReplyWriter
{
    private const int MaxErrorLength = 4096;

    public static byte[] Ok() => Finish(Begin(response: 0));

    /// <param name="roots">Names have no commas, as everything in a trust directory.</param>
    public static byte[] Ok(TrustRootSet roots)
    {
        var reply = Begin(response: 0);
        Add(reply, "TRUSTED_CERTS", string.Join(',', roots.Files.Select(file => file.Name)));
        foreach (var file in roots.Files) Add(reply, $"FILEDATA_{file.Name}", Convert.ToBase64String(file.Content));
        return Finish(reply);
    }

    /// <summary>The credentials of a user: the unnamed one, or else the first, speaks for the reply; others have their names in their fields.</summary>
    public static byte[] Ok(IReadOnlyList<CredentialInfo> credentials)
    {
        var reply = Begin(response: 0);
        CredentialInfo[] ordered = [.. credentials.OrderBy(one => one.Name.Length > 0)];
        foreach (var one in ordered) Describe(reply, one, one == ordered[0] ? "CRED" : $"CRED_{one.Name}", withName: one == ordered[0]);
        if (ordered.Length > 1) Add(reply, "ADDL_CREDS", string.Join(',', ordered.Skip(1).Select(one => one.Name)));
        return Finish(reply);
    }

    /// <param name="message">Each line becomes an <c>ERROR=</c> line.</param>
    public static byte[] Error(string message)
    {
        var reply = Begin(response: 1);
        var text = message.Length > MaxErrorLength ? message[..MaxErrorLength] : message;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries)) Add(reply, "ERROR", line);
        return Finish(reply);
    }

    /// <summary>Asks for a signature over the hex text: <c>X509_certificate</c> is SHA-1 for clients that know no better.</summary>
    public static byte[] Authorization(string challenge)
    {
        var reply = Begin(response: 2);
        Add(reply, "AUTHORIZATION_DATA", $"X509_certificate:{challenge}");
        Add(reply, "AUTHORIZATION_DATA", $"X509_certificate_SHA256:{challenge}");
        return Finish(reply);
    }

    private static void Describe(StringBuilder reply, CredentialInfo one, string prefix, bool withName)
    {
        if (withName) AddIfSet(reply, $"{prefix}_NAME", one.Name);
        AddIfSet(reply, $"{prefix}_DESC", one.Description);
        Add(reply, $"{prefix}_START_TIME", $"{one.NotBefore.ToUnixTimeSeconds()}");
        Add(reply, $"{prefix}_END_TIME", $"{one.NotAfter.ToUnixTimeSeconds()}");
        AddIfSet(reply, $"{prefix}_OWNER", one.Owner);
        AddIfSet(reply, $"{prefix}_RETRIEVER", one.Policies.Retrievers);
        AddIfSet(reply, $"{prefix}_KEYRETRIEVERS", one.Policies.KeyRetrievers);
        AddIfSet(reply, $"{prefix}_RETRIEVER_TRUSTED", one.Policies.TrustedRetrievers);
        AddIfSet(reply, $"{prefix}_RENEWER", one.Policies.Renewers);
        AddIfSet(reply, $"{prefix}_LOCKMSG", one.LockMessage);
    }

    private static StringBuilder Begin(int response) => new StringBuilder("VERSION=MYPROXYv2\nRESPONSE=").Append(response).Append('\n');

    private static void AddIfSet(StringBuilder reply, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value)) Add(reply, name, value);
    }

    private static void Add(StringBuilder reply, string name, string value)
    {
        reply.Append(name).Append('=');
        foreach (var character in value) reply.Append(char.IsControl(character) ? ' ' : character); // a value must not end its line
        reply.Append('\n');
    }

    private static byte[] Finish(StringBuilder reply) => Encoding.UTF8.GetBytes(reply.Append('\0').ToString());
}
