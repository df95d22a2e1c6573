using System.Text.RegularExpressions;

namespace StarPortal.Tests.Architecture;

/// <summary>Which room may use which: the table of docs/architecture.md, read from the using lines.</summary>
[Trait("Category", "Unit")]
public sealed partial class RoomTests
{
    /// <summary>What every room may use: the shared types, the database, and the audit log, since every state change writes a row there.</summary>
    private static readonly string[] Everywhere = ["Shared", "Data", "Audit"];

    private static readonly Dictionary<string, string[]> MayUse = new(StringComparer.Ordinal)
    {
        ["Shared"] = [],
        ["Data"] = ["Identity"], // PortalUser is the user type of the one context.
        ["Audit"] = [],
        ["Identity"] = ["Jobs"],
        ["Jobs"] = [],
        ["Mail"] = ["Jobs"],
        ["Authority"] = ["Jobs"],
        ["Enrollment"] = ["Authority", "Identity", "Mail", "Jobs"],
        ["Credentials"] = ["Authority", "Identity", "Mail"],
        ["MyProxy"] = ["Authority", "Credentials", "Identity", "Jobs"],
        ["Registry"] = ["Acme", "Authority", "Identity", "Jobs", "Star"], // Acme: the guard of outward connections; Star: the HTTP of its client.
        ["Approval"] = ["Enrollment", "Credentials", "MyProxy", "Registry", "Authority", "Identity", "Mail", "Jobs"],
        ["Renewal"] = ["Enrollment", "Credentials", "MyProxy", "Registry", "Authority", "Identity", "Mail", "Jobs"],
        ["Acme"] = ["Authority", "Identity", "Jobs"],
        ["Star"] = ["Acme", "Authority", "Jobs", "Mail"],
        ["Delegation"] = ["Star", "Acme", "Authority", "Identity", "Jobs", "Mail"],
        ["Revocation"] = ["Enrollment", "Credentials", "Authority", "Identity", "Mail", "Jobs", "Approval", "Acme", "Star", "Delegation", "MyProxy", "Registry", "Renewal"],
    };

    public static TheoryData<string> Rooms =>
        [.. Directory.EnumerateDirectories(Support.Repository.PathOf("StarPortal.Core")).Select(path => Path.GetFileName(path)!).Where(name => name is not "bin" and not "obj").Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Room_UsesOnlyTheRoomsThatItMay(string room)
    {
        Assert.True(MayUse.TryGetValue(room, out var allowed), $"Room {room} is not in the table: say here and in docs/architecture.md what it may use.");
        var wrong = Sources.Under($"StarPortal.Core/{room}", "*.cs")
            .SelectMany(file => RoomName().Matches(file.Text).Select(match => (file.Path, Used: match.Groups["room"].Value)))
            .Where(use => use.Used != room && !Everywhere.Contains(use.Used, StringComparer.Ordinal) && !allowed.Contains(use.Used, StringComparer.Ordinal))
            .Select(use => $"{use.Path} uses {use.Used}");
        Assert.Empty(wrong);
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Room_HasSomethingInIt(string room) =>
        Assert.NotEmpty(Sources.Under($"StarPortal.Core/{room}", "*.cs"));

    [Fact]
    public void SharedTypes_UseNoRoom() =>
        Assert.Empty(Sources.Under("StarPortal.Core/Shared", "*.cs").Where(file => RoomName().Matches(file.Text).Any(match => match.Groups["room"].Value != "Shared")).Select(file => file.Path));

    [GeneratedRegex(@"StarPortal\.Core\.(?<room>[A-Z][A-Za-z]+)(?=[.;\s])", RegexOptions.None, 1000)]
    private static partial Regex RoomName();
}
