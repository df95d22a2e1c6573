namespace StarPortal.Benchmarks.Pages;

/// <summary>A page as it is asked for, and by whom.</summary>
internal sealed record MeasuredPage(string Role, string Path)
{
    public const string Anybody = "anybody";
    public const string Officer = "officer";
    public const string Administrator = "administrator";

    public static readonly IReadOnlyList<MeasuredPage> All =
    [
        new(Officer, "/ra"),
        new(Administrator, "/ra"),
        new(Administrator, "/ra?q=muller"),
        new(Administrator, "/ra?age=Late&page=3"),
        new(Administrator, "/admin/certificates"),
        new(Administrator, "/admin/certificates?q=kowalski"),
        new(Administrator, "/admin/certificates?q=nobody-of-this-name"),
        new(Administrator, "/admin/certificates?status=revoked&profile=person"),
        new(Administrator, "/admin/certificates?page=400"),
        new(Administrator, "/admin/audit"),
        new(Administrator, "/admin/audit?action=CertificateRevoked"),
        new(Administrator, "/admin/audit?actor=administrator"),
        new(Administrator, "/admin/audit?about=certificate/"),
        new(Administrator, "/admin/audit?text=kowalski"),
        new(Administrator, "/admin/audit?text=nobody-of-this-name"),
        new(Anybody, "/status"),
    ];
}
