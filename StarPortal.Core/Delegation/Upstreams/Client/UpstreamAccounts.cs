using System.Text.Json;

namespace StarPortal.Core.Delegation;

/// <summary>The portal's accounts at an upstream (RFC 8555 7.3).</summary>
public sealed class UpstreamAccounts(UpstreamConnection connection)
{
    /// <summary>Opens an account, or finds that of the key. Who calls has agreed to the terms of service, if there are any.</summary>
    /// <param name="contacts">Such as <c>mailto:pki@example.org</c>.</param>
    /// <param name="binding">Where the upstream needs one (7.3.4).</param>
    /// <exception cref="UpstreamException">Refused and all others.</exception>
    public async Task<UpstreamAccount> RegisterAsync(UpstreamKey key, IReadOnlyList<string> contacts, UpstreamBinding? binding, CancellationToken ct)
    {
        var newAccount = (await connection.GetDirectoryAsync(ct)).NewAccount;
        return await NewAccountAsync(key, newAccount, json =>
        {
            json.WriteBoolean("termsOfServiceAgreed", true);
            WriteContacts(json, contacts);
            if (binding is not null) UpstreamJws.WriteRaw(json, "externalAccountBinding", System.Text.Encoding.UTF8.GetString(UpstreamJws.Bind(key, binding, newAccount)));
        }, ct);
    }

    /// <summary>7.3.1: the account that a key has already.</summary>
    /// <returns>Null: none.</returns>
    /// <exception cref="UpstreamException">As above.</exception>
    public async Task<UpstreamAccount?> FindAsync(UpstreamKey key, CancellationToken ct)
    {
        try
        {
            return await NewAccountAsync(key, (await connection.GetDirectoryAsync(ct)).NewAccount, json => json.WriteBoolean("onlyReturnExisting", true), ct);
        }
        catch (UpstreamException refused) when (refused.Problem?.Is("accountDoesNotExist") is true)
        {
            return null;
        }
    }

    /// <summary>7.3.2.</summary>
    /// <exception cref="UpstreamException">As above.</exception>
    public Task<UpstreamAccount> ChangeContactsAsync(UpstreamKey key, Uri account, IReadOnlyList<string> contacts, CancellationToken ct) =>
        UpdateAsync(key, account, json => WriteContacts(json, contacts), ct);

    /// <summary>7.3.6: for ever.</summary>
    /// <exception cref="UpstreamException">As above.</exception>
    public Task<UpstreamAccount> DeactivateAsync(UpstreamKey key, Uri account, CancellationToken ct) => UpdateAsync(key, account, json => json.WriteString("status", "deactivated"), ct);

    /// <summary>
    /// 7.3.5: from now on the account has the new key alone, which has to be kept before this is called. Whether it took effect when no answer came is what
    /// <see cref="FindAsync"/> with the new key says.
    /// </summary>
    /// <exception cref="UpstreamException">As above; 409 when another account has the key.</exception>
    public async Task ChangeKeyAsync(UpstreamKey key, Uri account, UpstreamKey newKey, CancellationToken ct)
    {
        var keyChange = (await connection.GetDirectoryAsync(ct)).KeyChange ?? throw UpstreamErrors.NotOffered("key changes");
        var inner = UpstreamJws.Json(json =>
        {
            json.WriteString("account", account.OriginalString);
            UpstreamJws.WriteRaw(json, "oldKey", key.PublicKey.Json);
        });
        var payload = UpstreamJws.Sign(newKey, account: null, nonce: null, keyChange, inner);
        await connection.PostAsync(keyChange, nonce => UpstreamJws.Sign(key, account, nonce, keyChange, payload), accept: null, ct);
    }

    private async Task<UpstreamAccount> NewAccountAsync(UpstreamKey key, Uri newAccount, Action<Utf8JsonWriter> members, CancellationToken ct)
    {
        var payload = UpstreamJws.Json(members);
        var answer = await connection.PostAsync(newAccount, nonce => UpstreamJws.Sign(key, account: null, nonce, newAccount, payload), accept: null, ct);
        var url = connection.Urls.Require(newAccount, answer.Location ?? throw UpstreamErrors.Nonsense("a new account has no Location."), "the account's URL");
        return UpstreamAccount.Of(url, answer);
    }

    private async Task<UpstreamAccount> UpdateAsync(UpstreamKey key, Uri account, Action<Utf8JsonWriter> members, CancellationToken ct)
    {
        var payload = UpstreamJws.Json(members);
        return UpstreamAccount.Of(account, await connection.PostAsync(account, nonce => UpstreamJws.Sign(key, account, nonce, account, payload), accept: null, ct));
    }

    private static void WriteContacts(Utf8JsonWriter json, IReadOnlyList<string> contacts)
    {
        json.WriteStartArray("contact");
        foreach (var contact in contacts) json.WriteStringValue(contact);
        json.WriteEndArray();
    }
}
