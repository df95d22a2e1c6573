using System.Globalization;
using System.Text;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>A <c>.data</c> file: what a genuine server knows of a credential besides its content.</summary>
/// <param name="UserName">Null in files of old servers: the file's name says it.</param>
internal sealed record StorageData(string Owner, string? UserName, string CredentialName, CredentialTerms Terms)
{
    private const string End = "END_OPTIONS";

    /// <summary>What a shell would act on: the genuine server's replication hands descriptions to one.</summary>
    private const string ShellCharacters = "$`\"'\\;|&<>(){}!";

    /// <exception cref="ServiceException">Invalid: not such a file.</exception>
    public static StorageData Read(string path, string text)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach (var line in text.Split('\n').Select(line => line.TrimEnd('\r')).TakeWhile(line => line != End))
        {
            if (line.Length == 0) continue;
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) throw MyProxyErrors.BadDirectory(path, "a line is not of the form NAME=value.");
            values[line[..equals]] = line[(equals + 1)..];
        }

        var policies = new CredentialPolicies(Find("RETRIEVERS"), Find("KEYRETRIEVERS"), Find("TRUSTED_RETRIEVERS"), Find("RENEWERS"));
        var terms = new CredentialTerms(Find("DESCRIPTION"), LifetimeOf(path, Find("LIFETIME")), policies).Check();
        return new StorageData(Find("OWNER") ?? throw MyProxyErrors.BadDirectory(path, "there is no OWNER."), Find("USERNAME"), Find("NAME") ?? "", terms);

        string? Find(string name) => values.TryGetValue(name, out var value) && value.Length > 0 ? value : null;
    }

    public static string Write(StoredCredential credential)
    {
        var text = new StringBuilder();
        Append("OWNER", credential.Owner);
        Append("LIFETIME", ((long)(credential.MaxLifetime?.TotalSeconds ?? 0)).ToString(CultureInfo.InvariantCulture));
        Append("NAME", credential.CredentialName);
        Append("DESCRIPTION", credential.Description is null ? null : string.Concat(credential.Description.Select(character => ShellCharacters.Contains(character) ? '-' : character)));
        Append("RETRIEVERS", credential.Retrievers);
        Append("KEYRETRIEVERS", credential.KeyRetrievers);
        Append("TRUSTED_RETRIEVERS", credential.TrustedRetrievers);
        Append("RENEWERS", credential.Renewers);
        Append("USERNAME", credential.UserName);
        return text.Append(End).Append('\n').ToString();

        void Append(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value)) text.Append(name).Append('=').Append(value).Append('\n');
        }
    }

    private static TimeSpan? LifetimeOf(string path, string? seconds) =>
        seconds is null ? null
        : int.TryParse(seconds, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? TimeSpan.FromSeconds(Math.Max(number, 0))
        : throw MyProxyErrors.BadDirectory(path, "LIFETIME is no number.");
}
