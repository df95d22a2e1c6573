using System.Globalization;
using StarPortal.Core.Authority;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Reliability.Year;

/// <summary>The certificate that somebody uses.</summary>
internal sealed record Held(Guid Id, SerialNumber SerialNumber, DateTimeOffset NotAfter);

/// <summary>Somebody of a thousand, as they know themselves: passphrase, certificate in use, and a diary, by which the books are checked.</summary>
internal sealed class Subscriber(int number, Fate fate, SeededNumbers numbers)
{
    private static readonly string[] Words =
    [
        "copper", "meadow", "zeppelin", "lantern", "harbour", "violet", "juggle", "otter", "walnut", "glacier", "trumpet", "velvet", "cactus", "marble", "penguin", "saffron", "anchor", "thimble", "quartz", "biscuit",
    ];

    private static readonly string[] Syllables = ["Ba", "Ce", "Di", "Fo", "Gu", "Ha", "Je", "Ki", "Lo", "Mu"];

    private readonly List<Deed> diary = [];

    public int Number => number;

    public Fate Fate => fate;

    public string UserName { get; } = string.Create(CultureInfo.InvariantCulture, $"person{number:0000}");

    public string FullName { get; } = $"{Syllables[number % 10]}{Syllables[number / 10 % 10].ToLowerInvariant()}na {Syllables[number / 100 % 10]}{Syllables[number / 1000 % 10].ToLowerInvariant()}rsen";

    public string Email => $"{UserName}@example.org";

    public string Passphrase { get; set; } = NewPassphrase(numbers);

    /// <summary>Chosen, and not in force before an officer says so.</summary>
    public string? NextPassphrase { get; set; }

    public required Organisation Organisation { get; init; }

    public Guid UserId { get; set; }

    public Guid RequestId { get; set; }

    public Guid RemovalId { get; set; }

    public Held? Certificate { get; set; }

    /// <summary>Days into the year: the first certificate, and what was begun last.</summary>
    public (int? Settled, int Declined, int Forgot, int Removed) Days { get; set; } = (null, -1, -1, -1);

    public bool IsMuted { get; set; }

    public bool IsBeingRemoved { get; set; }

    public bool IsLost { get; set; }

    public bool IsDeclined { get; set; }

    public bool HasRenewed { get; set; }

    public IReadOnlyList<Deed> Diary => diary;

    /// <summary>Of this person's own machine: an address for itself.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"10.1.{number / 250}.{(number % 250) + 1}");

    public Actor Visitor => Actor.Anonymous(Address);

    public Actor Actor => new(UserId, UserName, [new ActorGrant(PortalRole.Subscriber, null)]) { Address = Address };

    public void Note(DateTimeOffset at, What what, Guid? certificate = null) => diary.Add(new Deed(at, what, certificate));

    public int CountOf(What what) => diary.Count(deed => deed.What == what);

    public string NewPassphrase() => NewPassphrase(numbers);

    /// <summary>Four different words and a number.</summary>
    private static string NewPassphrase(SeededNumbers numbers)
    {
        var (first, step) = (numbers.Below(Words.Length), numbers.Pick([1, 3, 7, 9]));
        return string.Join(' ', Enumerable.Range(0, 4).Select(word => Words[(first + (word * step)) % Words.Length]).Append($"{1000 + numbers.Below(9000)}"));
    }
}
