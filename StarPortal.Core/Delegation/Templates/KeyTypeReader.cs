namespace StarPortal.Core.Delegation;

/// <summary>Reads keyTypes: rsaKeyType and ecdsaKeyType of RFC 9115 appendix A, which pairs curves with hashes.</summary>
internal static class KeyTypeReader
{
    /// <summary>Below this a key falls in minutes, above it nobody reads it: no combination that is acceptable.</summary>
    private const int LeastBits = 1024, MostBits = 16384;

    private static readonly string[] RsaMembers = ["PublicKeyType", "PublicKeyLength", "SignatureType"];
    private static readonly string[] EcMembers = ["PublicKeyType", "namedCurve", "SignatureType"];
    private static readonly string[] AllMembers = ["PublicKeyType", "PublicKeyLength", "namedCurve", "SignatureType"];

    public static IReadOnlyList<TemplateKeyType> Read(JsonPart list)
    {
        List<TemplateKeyType> keyTypes = [];
        foreach (var item in list.ReadItems() ?? [])
        {
            if (ReadOne(item) is not { } keyType) continue;
            if (keyTypes.Contains(keyType)) item.Warn("This kind of key stands in the list twice.");
            keyTypes.Add(keyType);
        }

        return keyTypes;
    }

    private static TemplateKeyType? ReadOne(JsonPart item)
    {
        if (item.ReadMembers(AllMembers) is not { } members) return null;
        if (!members.TryGetValue("PublicKeyType", out var type))
        {
            item.Error($"PublicKeyType is missing: {TemplateKeyType.Rsa} or {TemplateKeyType.Ec}.");
            return null;
        }

        return type.ReadWord([TemplateKeyType.Rsa, TemplateKeyType.Ec]) switch
        {
            TemplateKeyType.Rsa => ReadRsa(item, members),
            TemplateKeyType.Ec => ReadEc(item, members),
            _ => null,
        };
    }

    private static TemplateKeyType? ReadRsa(JsonPart item, IReadOnlyDictionary<string, JsonPart> members)
    {
        if (!HasExactly(item, members, RsaMembers)) return null;
        var signature = ReadSignature(members["SignatureType"], TemplateSignature.All.Where(known => known.PairedCurve is null));
        var bits = ReadBits(members["PublicKeyLength"]);
        return signature is not null && bits is not null ? new TemplateKeyType(bits.Value, null, signature) : null;
    }

    private static int? ReadBits(JsonPart length)
    {
        if (length.ReadUnsigned() is not { } bits) return null;
        if (bits is < LeastBits or > MostBits)
        {
            length.Error($"An RSA key has {LeastBits} to {MostBits} bits: write 2048, 3072 or 4096.");
            return null;
        }

        if (bits < 2048) length.Warn($"RSA keys of {bits} bits are too weak: no public authority certifies fewer than 2048.");
        else if (bits > 8192) length.Warn($"RSA keys of {bits} bits make every connection slow, and many authorities refuse them: write 2048, 3072 or 4096.");
        else if (bits % 8 != 0) length.Warn($"{bits} bits is not a multiple of eight: many authorities refuse such keys.");
        return (int)bits;
    }

    private static TemplateKeyType? ReadEc(JsonPart item, IReadOnlyDictionary<string, JsonPart> members)
    {
        if (!HasExactly(item, members, EcMembers)) return null;
        var name = members["namedCurve"].ReadWord([.. TemplateCurve.All.Select(known => known.Name)]);
        var signature = ReadSignature(members["SignatureType"], TemplateSignature.All.Where(known => known.PairedCurve is not null));
        if (name is null || signature is null) return null;

        var paired = TemplateSignature.All.Single(known => known.PairedCurve == name);
        if (signature != paired) members["SignatureType"].Error($"{signature.Name} goes with {signature.PairedCurve}; with {name} write {paired.Name}.");
        var curve = TemplateCurve.All.Single(known => known.Name == name);
        return new TemplateKeyType(curve.Bits, curve, signature);
    }

    private static TemplateSignature? ReadSignature(JsonPart part, IEnumerable<TemplateSignature> fitting)
    {
        TemplateSignature[] known = [.. fitting];
        var signature = part.ReadWord([.. known.Select(one => one.Name)]) is { } name ? known.Single(one => one.Name == name) : null;
        if (signature is { IsPss: true })
            part.Warn($"Requests that are signed by RSASSA-PSS are not taken here. Write {signature.Name.Replace("andMGF1", "Encryption", StringComparison.Ordinal)}: it says only how the request is signed.");
        return signature;
    }

    private static bool HasExactly(JsonPart item, IReadOnlyDictionary<string, JsonPart> members, string[] expected)
    {
        string[] missing = [.. expected.Where(member => !members.ContainsKey(member))];
        string[] foreign = [.. members.Keys.Where(member => !expected.Contains(member, StringComparer.Ordinal))];
        foreach (var member in missing) item.Error($"{member} is missing here.");
        foreach (var member in foreign) members[member].Error($"{member} belongs to the other type of key: a key has {string.Join(", ", expected)}.");
        return missing.Length == 0 && foreign.Length == 0;
    }
}
