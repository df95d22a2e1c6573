namespace StarPortal.Core.Identity;

/// <summary>What a browser says of itself (RFC 9110 10.1.5), in the words of its owner. It is a hint for people and decides nothing.</summary>
public static class DeviceNames
{
    /// <summary>Each of these names the ones below it as well, for the sake of old sites: the first that is found counts.</summary>
    private static readonly (string Token, string Name)[] Programs =
    [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"),
        ("Safari/", "Safari"), ("curl/", "curl"),
    ];

    private static readonly (string Token, string Name)[] Systems =
    [
        ("iPhone", "an iPhone"), ("iPad", "an iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"), ("Macintosh", "a Mac"), ("Linux", "Linux"),
    ];

    /// <param name="userAgent">The header as it came; null: none.</param>
    /// <returns>Such as <c>Firefox on Linux</c>; nothing of the header is repeated.</returns>
    public static string Of(string? userAgent)
    {
        var (program, system) = (Find(Programs, userAgent), Find(Systems, userAgent));
        var named = program ?? "An unknown program";
        return system is null ? named : $"{named} on {system}";
    }

    private static string? Find((string Token, string Name)[] known, string? text) =>
        text is null ? null : known.FirstOrDefault(one => text.Contains(one.Token, StringComparison.Ordinal)).Name;
}
