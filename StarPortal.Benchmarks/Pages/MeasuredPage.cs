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
        new(Administrator, "/admin/certificates"),
        new(Administrator, "/admin/audit"),
        new(Anybody, "/status"),
    ];
}
