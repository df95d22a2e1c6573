using System.Buffers;

namespace StarPortal.Core.MyProxy;

/// <summary>The lines of a request by their names (MyProxy protocol, "NAME=value"): each at most once, unknown ones left out.</summary>
internal readonly ref struct RequestFields
{
    private const int Version = 0;

    /// <summary>In every request, whatever the command.</summary>
    private const int MandatoryCount = 5;

    private static readonly SearchValues<byte> NameOctets = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"u8);

    private static readonly byte[][] Names =
    [
        [.. "VERSION"u8], [.. "COMMAND"u8], [.. "USERNAME"u8], [.. "PASSPHRASE"u8], [.. "LIFETIME"u8],
        [.. "NEW_PHRASE"u8], [.. "CRED_NAME"u8], [.. "CRED_DESC"u8], [.. "RETRIEVER"u8], [.. "KEYRETRIEVERS"u8], [.. "RETRIEVER_TRUSTED"u8], [.. "RENEWER"u8],
        [.. "TRUSTED_CERTS"u8],
    ];

    private readonly ReadOnlySpan<byte> text;
    private readonly Range?[] values;

    private RequestFields(ReadOnlySpan<byte> text, Range?[] values)
    {
        this.text = text;
        this.values = values;
    }

    /// <summary>Whether the five fields of every request are there.</summary>
    public bool AreComplete => !values.AsSpan(Version, MandatoryCount).Contains(null);

    /// <summary>Whether a text without a NUL at its end may be whole. A line that has only begun is none yet.</summary>
    public static bool MayBeWhole(ReadOnlySpan<byte> text)
    {
        var last = text.LastIndexOf((byte)'\n') + 1;
        return Of(text[last..].Contains((byte)'=') ? text : text[..last]).AreComplete;
    }

    /// <summary>Whether the line that has only begun can still become one: the names of fields are capital letters, digits and underscores.</summary>
    public static bool MayGoOn(ReadOnlySpan<byte> text)
    {
        var line = text[(text.LastIndexOf((byte)'\n') + 1)..];
        return line.Contains((byte)'=') || !line.ContainsAnyExcept(NameOctets);
    }

    /// <exception cref="Shared.ServiceException">Malformed: a field twice, a line that is none, a carriage return.</exception>
    public static RequestFields Of(ReadOnlySpan<byte> text)
    {
        if (text.Contains((byte)'\r')) throw MyProxyErrors.Malformed();
        var found = new Range?[Names.Length];
        foreach (var line in text.Split((byte)'\n'))
        {
            if (text[line].IsEmpty) continue;
            var equals = text[line].IndexOf((byte)'=');
            if (equals < 0) throw MyProxyErrors.Malformed();
            var field = IndexOf(text[line][..equals]);
            if (field < 0) continue; // VONAME, VOMSES and whatever else there may be
            if (found[field] is not null) throw MyProxyErrors.Malformed();
            found[field] = (line.Start.Value + equals + 1)..line.End;
        }

        return new(text, found);
    }

    /// <returns>False: there is no such line.</returns>
    public bool TryGet(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var range = values[IndexOf(name)];
        value = range is null ? default : text[range.Value];
        return range is not null;
    }

    private static int IndexOf(ReadOnlySpan<byte> name)
    {
        for (var index = 0; index < Names.Length; index++)
        {
            if (name.SequenceEqual(Names[index])) return index;
        }

        return -1;
    }
}
