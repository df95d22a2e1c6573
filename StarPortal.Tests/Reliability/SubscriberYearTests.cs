using System.Globalization;
using System.Security.Cryptography;
using StarPortal.Core.Data;
using StarPortal.Tests.Reliability.Year;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Reliability;

/// <summary>
/// A year of many people on a wound clock: they enrol, renew by link, account and both at once, decline and think better of it, let it lapse, change and forget passphrases, lose
/// laptops, are removed; on two nodes, which die in the middle of it. STARPORTAL_TEST_SEED runs a year again.
/// </summary>
[Trait("Category", "Interop")]
public sealed class SubscriberYearTests(ITestOutputHelper output)
{
    public static TheoryData<DatabaseProvider> Providers => TestDatabase.Providers;

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Year_EndsWithTheBooksRight(DatabaseProvider provider)
    {
        var people = provider == TestDatabase.DefaultProvider ? 1_000 : 150;
        var seed = ulong.TryParse(Environment.GetEnvironmentVariable("STARPORTAL_TEST_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var chosen) ? chosen : BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
        output.WriteLine($"{people} people, STARPORTAL_TEST_SEED={seed}");
        await using var site = await Site.OpenAsync(provider);
        var year = await SubscriberYear.PrepareAsync(site, people, seed);

        await year.RunAsync();
        output.WriteLine($"Nodes that died: {site.Deaths}; mails: {site.Post.All.Count()}");
        output.WriteLine(string.Join(", ", Enum.GetValues<What>().Select(what => $"{what} {year.People.Sum(person => person.CountOf(what))}")));

        Assert.InRange(site.Deaths, 1, SubscriberYear.Days);
        await new Books(site, year).CheckAsync();
    }
}
