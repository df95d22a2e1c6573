using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Approval;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Approval.ExternalCa;

/// <summary>Ten thousand strange messages in the Maildir, and one genuine answer somewhere among them.</summary>
[Trait("Category", "Unit")]
public sealed class StrangeMailTests(ITestOutputHelper output)
{
    private const int Count = 10_000;
    private const int PerRun = 2_500;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Maildir_IsWorkedOff_AndTheGenuineAnswerTaken()
    {
        await using var scene = await CaScene.StartAsync(settings: [("Approval:ExternalCa:MessagesPerRun", "2500")]);
        var (request, mail) = await scene.AskAsync();
        var strange = new StrangeMail(seed: 4711, OutsideCa.Answer(mail, scene.Ca.Certify(mail), to: "somebody@example.org"));
        for (var i = 0; i < Count; i++) scene.Ca.Deliver(strange.Next());
        scene.Ca.Deliver(OutsideCa.Answer(mail, scene.Ca.Certify(mail)));
        scene.Ca.Deliver(Enumerable.Repeat((byte)'A', 5 * 1024 * 1024).ToArray());

        var (watch, peak, runs) = (Stopwatch.StartNew(), 0L, 0);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (; scene.Ca.Waiting > 0 && runs < 10; runs++)
        {
            output.WriteLine(await scene.Portal.Get<CaMailJob>().RunAsync(Ct));
            peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        output.WriteLine($"{watch.Elapsed.TotalSeconds:0.0} s for {Count + 2} messages in {runs} runs; memory kept: {peak / 1024} KiB");
        Assert.Equal((0, Count + 2), (scene.Ca.Waiting, scene.Ca.PutAway));
        Assert.InRange(runs, (Count / PerRun) + 1, (Count / PerRun) + 2);
        Assert.Single(await scene.CertificatesAsync(request));
        Assert.InRange(peak, 0, 64L * 1024 * 1024);
        await using var db = scene.Portal.NewDb();
        Assert.True(await db.CaMails.CountAsync(row => row.Status == CaMailStatus.SetAside, Ct) <= 2_000);
    }
}

/// <summary>Makes mails that break rules, the same ones for the same seed.</summary>
internal sealed class StrangeMail(ulong seed, string model)
{
    private static readonly string[] CharSets = ["utf-8", "utf-7", "utf-16", "iso-2022-jp", "x-no-such-thing", "", "windows-1252", "utf-32", new('x', 500)];

    private readonly SeededNumbers random = new(seed);

    public byte[] Next() => random.Below(9) switch
    {
        0 => Garbage(random.Below(4_000)),
        1 => Encoding.Latin1.GetBytes(Nested(100)),
        2 => Flip(Encoding.UTF8.GetBytes(model), 1 + random.Below(29)),
        3 => Cut(Encoding.UTF8.GetBytes(model)),
        4 => [.. Encoding.ASCII.GetBytes($"Subject: Your Certificate Request\nContent-Type: text/plain; charset=\"{random.Pick(CharSets)}\"\nContent-Transfer-Encoding: {(random.Below(2) == 0 ? "base64" : "quoted-printable")}\n\n"), .. Garbage(2_000)],
        5 => Encoding.Latin1.GetBytes($"Subject: =?{random.Pick(CharSets)}?{random.Pick(["B", "Q", "x"])}?{new string('=', random.Below(60))}?=\nTo: {new string('a', random.Below(9_000))}\n\n{new string('\n', random.Below(3_000))}"),
        6 => Encoding.Latin1.GetBytes($"Subject: Your Certificate Request\nContent-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=b\n\n--b\n\n{model}\n--b\nContent-Type: application/pkcs7-signature\nContent-Transfer-Encoding: base64\n\n{Convert.ToBase64String(Garbage(300))}\n--b--\n"),
        7 => Encoding.Latin1.GetBytes($"Subject: Your Certificate Request\n\n{OutsideCa.Success}\n{string.Concat(Enumerable.Repeat($"-----BEGIN CERTIFICATE-----\n{Convert.ToBase64String(Garbage(120))}\n-----END CERTIFICATE-----\n", 15))}"),
        _ => Encoding.Latin1.GetBytes(string.Concat(Enumerable.Range(0, random.Below(500)).Select(i => $"X-{i}: {(char)(1 + random.Below(254))}\n {(char)(1 + random.Below(254))}\n"))),
    };

    private byte[] Garbage(int length) => random.Bytes(length);

    private byte[] Flip(byte[] octets, int times)
    {
        for (var i = 0; i < times; i++) octets[random.Below(octets.Length)] = (byte)random.Below(256);
        return octets;
    }

    private byte[] Cut(byte[] octets) => octets[random.Below(octets.Length / 2)..((octets.Length / 2) + random.Below(octets.Length / 2))];

    private string Nested(int depth)
    {
        var message = new StringBuilder("Subject: Your Certificate Request\n");
        var same = random.Below(2) == 0;
        for (var i = 0; i < depth; i++) message.Append(CultureInfo.InvariantCulture, $"Content-Type: multipart/mixed; boundary=\"b{(same ? 0 : i)}\"\n\n--b{(same ? 0 : i)}\n");
        return message.Append('\n').Append(model).ToString();
    }
}
