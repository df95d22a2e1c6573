using System.Numerics;

namespace StarPortal.Core.Authority;

/// <summary>RSA moduli that can be factored because of how they were made. Each test takes the modulus, unsigned.</summary>
internal static class RsaWeaknesses
{
    /// <summary>Rounds of Fermat's method: primes made well differ by 2^900 and more, and would need as many.</summary>
    private const int FermatRounds = 100;

    private const int RocaGenerator = 65537;

    /// <summary>The primes whose product is the smallest primorial that the Infineon library used (Nemec et al., CCS 2017): 3 to 167.</summary>
    private static readonly IReadOnlyList<(int Prime, bool[] IsPower)> RocaMarks =
        [.. Primes(168).Where(prime => prime > 2).Select(prime => (prime, PowersOf(RocaGenerator % prime, prime))).Where(mark => mark.Item2.Skip(1).Contains(false))];

    private static readonly BigInteger SmallPrimes = Primes(4096).Aggregate(BigInteger.One, (product, prime) => product * prime);

    public static BigInteger ToNumber(ReadOnlySpan<byte> unsignedBigEndian) => new(unsignedBigEndian, isUnsigned: true, isBigEndian: true);

    /// <summary>CVE-2017-15361: both primes are powers of 65537 modulo many small primes, hence so is their product.</summary>
    public static bool IsRoca(BigInteger modulus) => RocaMarks.All(mark => mark.IsPower[(int)(modulus % mark.Prime)]);

    /// <summary>CVE-2022-26320 and the like: n = a² - b² with a small b (Fermat's method).</summary>
    public static bool HasClosePrimes(BigInteger modulus)
    {
        var root = SquareRoot(modulus);
        if (root * root == modulus) return true;
        var a = root + 1;
        var difference = (a * a) - modulus;
        for (var round = 0; round < FermatRounds; round++)
        {
            if (IsSquare(difference)) return true;
            difference += (2 * a) + 1;
            a += 1;
        }

        return false;
    }

    public static bool HasSmallFactor(BigInteger modulus) => modulus < 2 || !BigInteger.GreatestCommonDivisor(SmallPrimes % modulus, modulus).IsOne;

    /// <summary>Largest r with r² ≤ n, by Newton's method from above.</summary>
    internal static BigInteger SquareRoot(BigInteger number)
    {
        if (number < 2) return number;
        var root = BigInteger.One << (int)((number.GetBitLength() + 1) / 2);
        while (true)
        {
            var next = (root + (number / root)) >> 1;
            if (next >= root) return root;
            root = next;
        }
    }

    /// <summary>Squares are 0, 1, 4 or 9 modulo 16, which spares most of the roots.</summary>
    private static bool IsSquare(BigInteger number)
    {
        if ((int)(number & 15) is not (0 or 1 or 4 or 9)) return false;
        var root = SquareRoot(number);
        return root * root == number;
    }

    private static bool[] PowersOf(int generator, int prime)
    {
        var powers = new bool[prime];
        for (var power = 1; !powers[power]; power = power * generator % prime) powers[power] = true;
        return powers;
    }

    private static IEnumerable<int> Primes(int below) =>
        Enumerable.Range(2, below - 2).Where(candidate => Enumerable.Range(2, (int)Math.Sqrt(candidate) - 1).All(divisor => candidate % divisor != 0));
}
