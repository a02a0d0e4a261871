def test_folder_with_its_own_configuration_is_another_repository(repository: Open) -> None:
    opened = repository(
        {
            "roles/app/p.json": READ,
            "other/iamlint.toml": 'account = "444455556666"',
            "other/roles/app/p.json": READ,
        }
    )

    assert [d.path for d in opened.documents] == ["roles/app/p.json"]
