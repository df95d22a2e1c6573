namespace StarPortal.Core.Acme;

/// <summary>The value of an <c>issue</c> or <c>issuewild</c> property (RFC 8659 4.2).</summary>
/// <param name="Issuer">Empty when nobody is named, and when the value does not match the grammar, which MUST mean the same.</param>
internal sealed record CaaIssueValue(string Issuer, IReadOnlyList<(string Tag, string Value)> Parameters)
{
    private static readonly CaaIssueValue Nobody = new("", []);

    public static CaaIssueValue Parse(string text)
    {
        var semicolon = text.IndexOf(';', StringComparison.Ordinal);
        var issuer = Trim(semicolon < 0 ? text : text[..semicolon]);
        if (issuer.Length > 0 && !issuer.Split('.').All(IsLabel)) return Nobody;

        List<(string, string)> parameters = [];
        var rest = semicolon < 0 ? "" : Trim(text[(semicolon + 1)..]);
        foreach (var parameter in rest.Length == 0 ? [] : rest.Split(';'))
        {
            if (parameter.IndexOf('=', StringComparison.Ordinal) is not (> 0 and var equals)) return Nobody;
            var (tag, value) = (Trim(parameter[..equals]), Trim(parameter[(equals + 1)..]));
            if (!IsLabel(tag) || !value.All(character => character is > ' ' and <= '~')) return Nobody;
            parameters.Add((tag, value));
        }

        return new CaaIssueValue(issuer, parameters);
    }

    /// <summary>Values of a parameter; tags of parameters are compared without regard to case.</summary>
    public IReadOnlyList<string> All(string tag) => [.. Parameters.Where(parameter => parameter.Tag.Equals(tag, StringComparison.OrdinalIgnoreCase)).Select(parameter => parameter.Value)];

    private static string Trim(string text) => text.Trim(' ', '\t');

    private static bool IsLabel(string text) =>
        text.Length > 0 && text[0] != '-' && text[^1] != '-' && text.All(character => char.IsAsciiLetterOrDigit(character) || character == '-');
}
