namespace StarPortal.Core.Acme;

/// <summary>A JWS in the Flattened JSON Serialization (RFC 7515 7.2.2), taken apart by <see cref="JwsReader"/>; nothing of it is verified yet.</summary>
public sealed class Jws
{
    /// <summary>What the signature covers: protected, dot, payload, as they were sent (RFC 7515 5.2).</summary>
    public required ReadOnlyMemory<byte> SigningInput { get; init; }

    public required ReadOnlyMemory<byte> Payload { get; init; }

    public required ReadOnlyMemory<byte> Signature { get; init; }

    public required JwsHeader Header { get; init; }

    /// <exception cref="AcmeException">badSignatureAlgorithm when the algorithm does not go with the key; malformed when the signature is not the key's.</exception>
    public void Verify(AcmeJwk key)
    {
        var algorithm = JwsAlgorithm.Get(Header.Algorithm);
        if (!algorithm.Fits(key)) throw AcmeErrors.BadAlgorithm($"{algorithm.Name} does not go with this key.", JwsAlgorithm.NamesFor(key));
        if (!key.Verify(algorithm, SigningInput.Span, Signature.Span)) throw AcmeErrors.BadSignature();
    }

    /// <summary>The key in the header.</summary>
    /// <exception cref="AcmeException">malformed or badPublicKey.</exception>
    public AcmeJwk ReadKey()
    {
        if (Header.Jwk is not { } json) throw AcmeErrors.Malformed("The protected header has no jwk.");
        var key = JwkReader.Read(json);
        // RFC 8555 6.2: an algorithm that we have, with a key that is not one for it.
        if (!JwsAlgorithm.Get(Header.Algorithm).Fits(key)) throw AcmeErrors.BadKey($"The jwk is not a key for {Header.Algorithm}.");
        key.RequireUsable();
        return key;
    }
}

/// <summary>The protected header; what is not there is null.</summary>
public sealed record JwsHeader(string? Algorithm, string? Nonce, string? Url, string? KeyId, ReadOnlyMemory<byte>? Jwk);
