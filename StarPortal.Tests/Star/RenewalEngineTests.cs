using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Jobs;
using StarPortal.Core.Star;
using StarPortal.Tests.Acme;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Star;

/// <summary>Every slot once, whatever happens between: RFC 8739 sections 2.2, 3.3 and 3.5.</summary>
[Trait("Category", "Unit")]
public sealed class RenewalEngineTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<DatabaseProvider> Providers => TestDatabase.Providers;

    /// <summary>Nothing is left out: each slot has its own dates, also those that are over.</summary>
    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Outage_IsCaughtUpWith_SlotBySlot(DatabaseProvider provider)
    {
        await using var scene = await StarOrderScene.StartAsync(provider);
        using var client = await scene.NewAccountAsync();
        var orders = new List<AcmeAnswer>();
        for (var i = 0; i < 5; i++) orders.Add(await scene.BeginAsync(client, name: $"s{i}.lab.example.org"));
        Assert.Equal(5, await scene.PassAsync(TimeSpan.FromHours(16)));
        await RequireSlotsAsync(scene, 4, 4, 4, 4, 4);
        foreach (var order in orders) Assert.Equal(200, (int)(await scene.GetAsync(order)).Status);
        await using var db = scene.Portal.NewDb();
        await AuditLog.RequireIntactAsync(db);
    }

    /// <summary>One audit row for the certificates of a transaction, which names them by digest.</summary>
    [Fact]
    public async Task Batch_HasOneAuditRow_ThatNamesItsCertificates()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        for (var i = 0; i < 3; i++) await scene.BeginAsync(client, name: $"s{i}.lab.example.org");
        await scene.PassAsync(TimeSpan.FromHours(3));
        await using var db = scene.Portal.NewDb();
        var row = await db.AuditRecords.SingleAsync(record => record.Action == AuditAction.StarCertificatesIssued, Ct);
        var issued = await db.StarCertificates.Where(certificate => certificate.Slot == 1).ToListAsync(Ct);
        Assert.StartsWith("3 certificates of 3 orders, SHA-256 ", row.Detail!, StringComparison.Ordinal);
        var digests = Permutations(issued).Select(sequence => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(
            System.Text.Encoding.ASCII.GetBytes(string.Join('\n', sequence.Select(certificate => $"{certificate.OrderId:N} {certificate.Slot} {certificate.SerialNumber}"))))));
        Assert.Contains(row.Detail![^64..], digests);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task TwoNodes_IssueEachSlotOnce(DatabaseProvider provider)
    {
        await using var scene = await StarOrderScene.StartAsync(provider);
        await using var node = await WebPortal.StartAsync(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Acme:Namespaces:0:Suffix"] = "lab.example.org", ["Acme:Namespaces:0:Challenge"] = "waived" }, onDatabaseOf: scene.Portal);
        using var client = await scene.NewAccountAsync();
        for (var i = 0; i < 10; i++) await scene.BeginAsync(client, name: $"s{i}.lab.example.org");
        for (var hour = 3; hour <= 15; hour += 6)
        {
            scene.Portal.Clock.Advance(TimeSpan.FromHours(hour == 3 ? 3 : 6));
            await Task.WhenAll(Task.Run(() => RunAsync(scene.Portal), Ct), Task.Run(() => RunAsync(node), Ct));
        }

        await RequireSlotsAsync(scene, [.. Enumerable.Repeat(4, 10)]);
        await using var db = scene.Portal.NewDb();
        await AuditLog.RequireIntactAsync(db);

        static async Task RunAsync(WebPortal portal)
        {
            while (await portal.Get<RenewalEngine>().RenewDueAsync(Ct) > 0)
            {
                // Until nothing is due.
            }
        }
    }

    /// <summary>3.1.2: after a cancellation nothing is issued, in whatever sequence the two come.</summary>
    [Fact]
    public async Task CancellationsAtTheSameTime_LeaveNoCertificateBehind()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var orders = new List<AcmeAnswer>();
        for (var i = 0; i < 20; i++) orders.Add(await scene.BeginAsync(client, name: $"s{i}.lab.example.org"));
        scene.Portal.Clock.Advance(TimeSpan.FromHours(3));
        var renewing = Task.Run(scene.RenewAsync, Ct);
        await Task.WhenAll(orders.Take(10).Select(order => client.Again().AskAsync(order.Location!, new JsonObject { ["status"] = "canceled" })));
        await renewing;
        var counts = await SlotsAsync(scene);
        await scene.PassAsync(TimeSpan.FromHours(6));
        await using var db = scene.Portal.NewDb();
        var after = await SlotsAsync(scene);
        foreach (var order in await db.StarOrders.AsNoTracking().ToListAsync(Ct))
        {
            Assert.Equal(order.Status is StarOrderStatus.Canceled ? counts[order.Id] : 3, after[order.Id]);
            Assert.Equal(order.NextSlot, after[order.Id]);
        }

        Assert.Equal(10, await db.StarOrders.CountAsync(order => order.Status == StarOrderStatus.Canceled, Ct));
        await AuditLog.RequireIntactAsync(db);
    }

    /// <summary>A clock that is put back makes no second certificate, and one that leaps leaves none out.</summary>
    [Fact]
    public async Task Clock_ThatStepsBackAndForward_ChangesNothing()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var start = scene.Now;
        var valid = await scene.BeginAsync(client);
        foreach (var hour in new[] { 9, 1, 4, 2, 15, 0, 23 })
        {
            scene.Portal.Clock.SetTo(start.AddHours(hour));
            await scene.RenewAsync();
        }

        await RequireSlotsAsync(scene, 4);
        Assert.Equal(200, (int)(await scene.GetAsync(valid)).Status);
    }

    /// <summary>The account was deactivated: its orders end at the next renewal, or when the upkeep finds them.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Account_ThatHasEnded_EndsItsOrders(bool byUpkeep)
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var valid = await scene.BeginAsync(client);
        await client.AskAsync(client.AccountUrl!, new JsonObject { ["status"] = "deactivated" });
        if (byUpkeep) await scene.Portal.Get<JobRunner>().RunOccurrenceAsync("star-upkeep", scene.Now, Ct);
        else await scene.PassAsync(TimeSpan.FromHours(3));
        Assert.Equal((403, "autoRenewalCanceled"), (await scene.GetAsync(valid)).Outcome);
        await RequireSlotsAsync(scene, 1);
    }

    /// <summary>RFC 8659 again at each renewal: a refusal stops renewing, is told, and is over when the record is gone.</summary>
    [Fact]
    public async Task Caa_ThatForbids_DelaysTheNextCertificate()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var valid = await scene.BeginValidatedAsync(client);
        Assert.Equal("valid", valid.Json["status"]!.ToString());
        scene.World.CaaForbids.Add("star.example.net");
        await scene.PassAsync(TimeSpan.FromHours(3));
        await RequireSlotsAsync(scene, 1);
        await using (var db = scene.Portal.NewDb())
        {
            var order = await db.StarOrders.SingleAsync(Ct);
            Assert.Equal(("star.example.net has CAA records that name others.", scene.Now, scene.Now.AddMinutes(1)), (order.Trouble, order.TroubleSince, order.DueAt));
            Assert.True(await db.AuditRecords.AnyAsync(record => record.Action == AuditAction.StarRenewalDelayed, Ct));
        }

        scene.World.CaaForbids.Clear();
        await scene.PassAsync(TimeSpan.FromMinutes(1));
        await RequireSlotsAsync(scene, 2);
        Assert.Equal(("star.example.net", false, client.AccountUrl!, "http-01"), scene.World.CaaAsked[^1]);
        await using var later = scene.Portal.NewDb();
        Assert.Null((await later.StarOrders.SingleAsync(Ct)).Trouble);
    }

    /// <summary>The key was reported as compromised by another certificate's revocation.</summary>
    [Fact]
    public async Task CompromisedKey_EndsTheOrder()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var valid = await scene.BeginAsync(client);
        await using (var db = scene.Portal.NewDb()) scene.Portal.Get<CompromisedKeys>().Add((await db.StarOrders.SingleAsync(Ct)).KeyHash!);
        await scene.PassAsync(TimeSpan.FromHours(3));
        Assert.Equal((403, "autoRenewalCanceled"), (await scene.GetAsync(valid)).Outcome);
        await RequireSlotsAsync(scene, 1);
    }

    /// <summary>What was granted without a challenge is renewed only as long as that grant stands.</summary>
    [Fact]
    public async Task Waiver_ThatIsWithdrawn_DelaysTheNextCertificate()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        await scene.BeginAsync(client);
        await using var other = await WebPortal.StartAsync(onDatabaseOf: scene.Portal); // Configured without the namespace.
        scene.Portal.Clock.Advance(TimeSpan.FromHours(3));
        Assert.Equal(1, await other.Get<RenewalEngine>().RenewDueAsync(Ct));
        await RequireSlotsAsync(scene, 1);
        await using var db = scene.Portal.NewDb();
        Assert.Contains("no longer in force", (await db.StarOrders.SingleAsync(Ct)).Trouble, StringComparison.Ordinal);
    }

    /// <summary>The profile says something else now: the next certificate is made anew by it.</summary>
    [Fact]
    public async Task Profile_ThatChanged_IsInTheNextCertificate()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var valid = await scene.BeginAsync(client);
        await using var changed = await WebPortal.StartAsync(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Acme:Namespaces:0:Suffix"] = "lab.example.org", ["Acme:Namespaces:0:Challenge"] = "waived", ["Authority:Profiles:star:ExtendedKeyUsages"] = "serverAuth, clientAuth",
        }, onDatabaseOf: scene.Portal);
        scene.Portal.Clock.Advance(TimeSpan.FromHours(3));
        Assert.Equal(1, await changed.Get<RenewalEngine>().RenewDueAsync(Ct));
        await using var db = scene.Portal.NewDb();
        var der = await db.StarCertificates.OrderBy(certificate => certificate.Slot).Select(certificate => certificate.Der).ToListAsync(Ct);
        Assert.Equal([1, 2], der.Select(bytes =>
        {
            using var certificate = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(bytes);
            return certificate.Extensions.OfType<System.Security.Cryptography.X509Certificates.X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Count;
        }));
        Assert.NotNull(valid);
    }

    /// <summary>What is renewed is, but for number, dates and signature, the same to the octet, and verifies.</summary>
    [Fact]
    public async Task RenewedCertificate_DiffersInNumberAndDatesOnly()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var valid = await scene.BeginAsync(client);
        var first = await scene.GetAsync(valid);
        await scene.PassAsync(TimeSpan.FromHours(3));
        var second = await scene.GetAsync(valid);
        using var one = StarOrderScene.Read(first);
        using var two = StarOrderScene.Read(second);
        Assert.NotEqual(one.SerialNumber, two.SerialNumber);
        Assert.Equal(one.SubjectName.RawData, two.SubjectName.RawData);
        Assert.Equal(one.GetPublicKey(), two.GetPublicKey());
        Assert.Equal(one.Extensions.Select(extension => (extension.Oid!.Value, Convert.ToHexString(extension.RawData))), two.Extensions.Select(extension => (extension.Oid!.Value, Convert.ToHexString(extension.RawData))));
        using var folder = new TestFolder();
        var file = Path.Combine(folder.FullPath, "chain.pem");
        await File.WriteAllTextAsync(file, second.Text, Ct);
        var root = Path.Combine(scene.Portal.Get<Microsoft.Extensions.Options.IOptions<Core.Shared.PortalOptions>>().Value.DataDirectory, "pki", "root.pem");
        Assert.Contains("OK", await Tool.MustRunAsync("openssl", "verify", "-attime", $"{scene.Now.ToUnixTimeSeconds()}", "-CAfile", root, "-untrusted", file, file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upkeep_ForgetsWhatHasEnded()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        await scene.BeginAsync(client);
        await scene.PassAsync(TimeSpan.FromDays(1));
        await scene.PassAsync(TimeSpan.FromDays(31));
        await scene.Portal.Get<JobRunner>().RunOccurrenceAsync("star-upkeep", scene.Now, Ct);
        await RequireSlotsAsync(scene);
        await using (var db = scene.Portal.NewDb()) Assert.True(await db.StarOrders.AnyAsync(Ct));
        await scene.PassAsync(TimeSpan.FromDays(62));
        await scene.Portal.Get<JobRunner>().RunOccurrenceAsync("star-upkeep", scene.Now, Ct);
        await using var later = scene.Portal.NewDb();
        Assert.False(await later.StarOrders.AnyAsync(Ct));
        Assert.False(await later.AcmeOrders.AnyAsync(Ct));
    }

    private static async Task<Dictionary<Guid, int>> SlotsAsync(StarOrderScene scene)
    {
        await using var db = scene.Portal.NewDb();
        return await db.StarCertificates.GroupBy(certificate => certificate.OrderId).ToDictionaryAsync(group => group.Key, group => group.Count(), Ct);
    }

    /// <summary>Each order has this many, from slot 0 on without a hole, with the dates of its schedule.</summary>
    private static async Task RequireSlotsAsync(StarOrderScene scene, params int[] counts)
    {
        await using var db = scene.Portal.NewDb();
        var orders = await db.StarOrders.AsNoTracking().ToDictionaryAsync(order => order.Id, Ct);
        var issued = await db.StarCertificates.AsNoTracking().ToListAsync(Ct);
        Assert.Equal(counts.Order(), issued.GroupBy(certificate => certificate.OrderId).Select(group => group.Count()).Order());
        foreach (var group in issued.GroupBy(certificate => certificate.OrderId)) Assert.Equal(Enumerable.Range(0, group.Count()).Select(slot => (long)slot), group.Select(certificate => certificate.Slot).Order());
        Assert.All(issued, certificate => Assert.Equal((orders[certificate.OrderId].Schedule![certificate.Slot].NotBefore, orders[certificate.OrderId].Schedule![certificate.Slot].NotAfter), (certificate.NotBefore, certificate.NotAfter)));
    }

    private static IEnumerable<StarCertificate[]> Permutations(List<StarCertificate> of) => of.Count <= 1
        ? [[.. of]]
        : of.SelectMany(first => Permutations([.. of.Where(other => other != first)]).Select(rest => (StarCertificate[])[first, .. rest]));
}
