using System.Text.Json;
using StarPortal.Core.Delegation;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Delegation;

/// <summary>What holds for all delegations and requests: whatever is granted, a second judge allows as well.</summary>
[Trait("Category", "Unit")]
public sealed class RegistrationPropertyTests
{
    private const int Delegations = 60;
    private const int Requests = 12;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhateverIsGranted_TheNaiveJudgeAllows()
    {
        await using var scene = await DelegationScene.StartAsync(null, ("Delegation:OrdersPerConsumerPerHour", "100000"));
        var owner = await scene.AddOwnerAsync("eve", "a.example");
        await scene.Portal.Get<StarPortal.Core.Acme.NamespaceService>().GrantAsync("b.example", StarPortal.Core.Acme.NamespaceChallenge.Waived, owner.Id, null, Actor.System("test"), Ct);
        var random = new RandomTemplates(new SeededNumbers(2026));
        var granted = 0;
        for (var round = 0; round < Delegations; round++)
        {
            var json = random.NextTemplate();
            var consumer = await scene.Portal.Get<ConsumerService>().CreateAsync($"CDN {round}", owner, Ct);
            var terms = DelegationScene.Terms(RandomTemplates.Legitimate) with { Template = json };
            await scene.Portal.Get<DelegationService>().CreateAsync(terms, consumer.Id, owner, Ct);
            var known = new KnownConsumer(consumer.Id, consumer.OwnerId, consumer.Name, null);
            for (var asked = 0; asked < Requests; asked++)
            {
                var csr = random.NextRequest(CsrTemplate.Parse(json)).Encode();
                if (await RegisterAsync(scene, csr, known) is not { } order) continue;
                using var template = JsonDocument.Parse(json);
                Assert.True(new NaiveJudge(template.RootElement, csr, IsDelegated).Allows(), $"{json}\n{Convert.ToBase64String(csr)}");
                Assert.All(order.NameList, name => Assert.True(IsDelegated(name), name));
                granted++;
            }
        }

        Assert.InRange(granted, Delegations * Requests / 20, Delegations * Requests * 4 / 5); // Else it would say nothing.
    }

    /// <returns>Null: refused.</returns>
    private static async Task<DelegatedOrder?> RegisterAsync(DelegationScene scene, byte[] csr, KnownConsumer consumer)
    {
        try
        {
            return await scene.Portal.Get<RegistrationService>().RegisterAsync(new AskedRegistration(csr, 30, 24), consumer, null, consumer.Actor, Ct);
        }
        catch (ServiceException refused)
        {
            Assert.Contains(refused.Kind, new[] { ErrorKind.Invalid, ErrorKind.Forbidden });
            return null;
        }
    }

    private static bool IsDelegated(string name) => RandomTemplates.Legitimate.Contains(name, StringComparer.Ordinal) || (name.EndsWith(".b.example", StringComparison.Ordinal) && name.Count(one => one == '.') == 2);
}
