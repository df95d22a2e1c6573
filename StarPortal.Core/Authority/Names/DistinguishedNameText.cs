using System.Text;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Authority;

/// <summary>The text forms of names: RFC 4514 escapes with the root first, and OpenSSL's one-line form.</summary>
internal static class DistinguishedNameText
{
    private const string Escaped = ",+\"\\<>;";

    public static string Write(IReadOnlyList<NamePart> attributes)
    {
        var text = new StringBuilder();
        foreach (var attribute in attributes)
        {
            if (text.Length > 0) text.Append(attribute.StartsRdn ? ", " : "+");
            text.Append(attribute.Type.ShortName).Append('=');
            AppendEscaped(text, attribute.Value);
        }

        return text.ToString();
    }

    public static string WriteOneLine(IReadOnlyList<NamePart> attributes)
    {
        var text = new StringBuilder();
        foreach (var attribute in attributes)
        {
            text.Append(attribute.StartsRdn ? '/' : '+').Append(attribute.Type.ShortName).Append('=');
            foreach (var octet in Encoding.UTF8.GetBytes(attribute.Value))
            {
                if (octet is >= 0x20 and <= 0x7e) text.Append((char)octet);
                else text.Append("\\x").Append(Convert.ToHexString([octet]));
            }
        }

        return text.ToString();
    }

    /// <summary>Splits the text form into attributes, root first. Values are taken as they are: nothing is substituted here.</summary>
    public static IReadOnlyList<NamePart> Read(string text)
    {
        List<NamePart> attributes = [];
        var position = 0;
        while (position < text.Length)
        {
            var equals = text.IndexOf('=', position);
            if (equals < 0) throw Bad($"'{text[position..]}' is not of the form type=value");
            var shortName = text[position..equals].Trim();
            var type = NameAttributeType.FindByName(shortName) ?? throw Bad($"'{shortName}' is not an attribute type that we write");
            (var value, position) = ReadValue(text, equals + 1);
            attributes.Add(new NamePart(type, value));
        }

        return attributes;
    }

    private static (string Value, int Next) ReadValue(string text, int position)
    {
        List<byte> value = [];
        var keep = 0; // Escaped characters at the end are part of the value even if they are spaces.
        for (; position < text.Length && text[position] != ','; position++)
        {
            var character = text[position];
            if (character == '+') throw Bad("'+' has to be escaped: multi-valued names are not written");
            if (character != '\\')
            {
                if (value.Count == 0 && character == ' ') continue;
                if (char.IsHighSurrogate(character) && position + 1 < text.Length) value.AddRange(Encoding.UTF8.GetBytes(text.Substring(position++, 2)));
                else value.AddRange(Encoding.UTF8.GetBytes([character]));
                if (character != ' ') keep = value.Count;
                continue;
            }

            if (position + 2 < text.Length && char.IsAsciiHexDigit(text[position + 1]) && char.IsAsciiHexDigit(text[position + 2]))
            {
                value.Add(Convert.FromHexString(text.AsSpan(position + 1, 2))[0]);
                position += 2;
            }
            else if (position + 1 < text.Length)
            {
                value.Add(Ascii.IsValid(text[++position]) ? (byte)text[position] : throw Bad("only ASCII characters can be escaped"));
            }
            else
            {
                throw Bad("a '\\' stands at the end");
            }

            keep = value.Count;
        }

        return (Encoding.UTF8.GetString([.. value.Take(keep)]), position + 1);
    }

    private static void AppendEscaped(StringBuilder text, string value)
    {
        for (var index = 0; index < value.Length; index++)
        {
            var character = value[index];
            var atEdge = (index == 0 && character is ' ' or '#') || (index == value.Length - 1 && character == ' ');
            if (atEdge || Escaped.Contains(character)) text.Append('\\').Append(character);
            else if (NameRules.IsUnsafe(character)) AppendHex(text, character);
            else text.Append(character);
        }
    }

    private static void AppendHex(StringBuilder text, char character)
    {
        foreach (var octet in Encoding.UTF8.GetBytes([character])) text.Append('\\').Append(Convert.ToHexString([octet]));
    }

    private static ServiceException Bad(string detail) => AuthorityErrors.BadName("Subject", $"Not a distinguished name: {detail}.");
}
