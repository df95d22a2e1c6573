using System.Text;

namespace StarPortal.Core.Registry;

/// <summary>
/// A grid-mapfile as Globus tools read it: a line a person, the DN in double quotes, a space, the local accounts with commas between. Within the quotes a backslash
/// stands before a quote and a backslash. Those tools compare DNs without regard to case and take the first line that fits, so that of people whose DNs differ by
/// case alone none is in it: one of them would be let in as the other.
/// </summary>
public static class GridMapfile
{
    /// <param name="people">In any order.</param>
    /// <returns>Sorted by DN, octet by octet; LF at the end of each line; ASCII.</returns>
    public static string Write(IEnumerable<AllowedPerson> people)
    {
        var text = new StringBuilder();
        var lines = people.Where(person => person.Accounts.Count > 0 && IsWritable(person.Dn)).GroupBy(person => person.Dn, StringComparer.OrdinalIgnoreCase)
            .Where(same => same.Count() == 1).Select(same => same.Single()).OrderBy(person => person.Dn, StringComparer.Ordinal);
        foreach (var person in lines)
        {
            text.Append('"');
            foreach (var character in person.Dn)
            {
                if (character is '"' or '\\') text.Append('\\');
                text.Append(character);
            }

            text.Append("\" ").AppendJoin(',', person.Accounts).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>One-line names are printable ASCII; whatever else comes here could end a line early. Globus takes a backslash before the closing quote, or before one within, for that quote's.</summary>
    private static bool IsWritable(string dn) =>
        dn.StartsWith('/') && dn.All(character => character is >= ' ' and <= '~') && !dn.EndsWith('\\') && !dn.Contains("\\\"", StringComparison.Ordinal);
}
