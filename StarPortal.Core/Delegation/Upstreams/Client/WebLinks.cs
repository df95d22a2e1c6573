namespace StarPortal.Core.Delegation;

/// <summary>Link headers (RFC 8288 3), as far as RFC 8555 uses them.</summary>
internal static class WebLinks
{
    /// <summary>Several links may stand in one header, with commas between; a comma within the angle brackets belongs to the URL.</summary>
    public static IEnumerable<string> Split(string header)
    {
        var (start, inUrl) = (0, false);
        for (var at = 0; at < header.Length; at++)
        {
            inUrl = header[at] switch { '<' => true, '>' => false, _ => inUrl };
            if (header[at] != ',' || inUrl) continue;
            yield return header[start..at].Trim();
            start = at + 1;
        }

        yield return header[start..].Trim();
    }

    /// <summary>The target of a link whose relation is "alternate"; null for any other.</summary>
    public static string? FindAlternate(string link)
    {
        var end = link.IndexOf('>', StringComparison.Ordinal);
        if (!link.StartsWith('<') || end < 0) return null;
        var isAlternate = link[(end + 1)..].Split(';', StringSplitOptions.TrimEntries)
            .Any(parameter => parameter.Split('=', 2, StringSplitOptions.TrimEntries) is [var name, var value] && name.Equals("rel", StringComparison.OrdinalIgnoreCase)
                && value.Trim('"').Split(' ').Contains("alternate", StringComparer.OrdinalIgnoreCase));
        return isAlternate ? link[1..end] : null;
    }
}
